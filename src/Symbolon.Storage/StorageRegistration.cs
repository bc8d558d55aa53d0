using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Accounts;
using Symbolon.Core.Announcements;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy.Limits;
using Symbolon.Core.SecurityEvents;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Accounts;
using Symbolon.Storage.Announcements;
using Symbolon.Storage.Authorizations;
using Symbolon.Storage.Limits;
using Symbolon.Storage.Proofs;
using Symbolon.Storage.Reading;
using Symbolon.Storage.SecurityEvents;
using Symbolon.Storage.Usage;

namespace Symbolon.Storage;

public static class StorageRegistration
{
    /// <summary>
    /// Registers every port of the store. The host registers <see cref="TimeProvider"/>, <see cref="Configuration"/> and
    /// <see cref="Freshness"/>; at start it resolves <see cref="Store"/> (which opens and migrates, and throws
    /// <see cref="Databases.StoreStartException"/>), starts a lease, polls <see cref="ConfigurationFeed"/> once, and then keeps both going.
    /// </summary>
    public static IServiceCollection AddSymbolonStorage(this IServiceCollection services, StorageOptions options) => services
        .AddSingleton(provider => Store.Open(options, Clock(provider), provider.GetRequiredService<ILoggerFactory>()))
        .AddSingleton<ConfigurationFeed>()
        .AddSingleton<IAuditLog>(provider => provider.GetRequiredService<Store>().Writer)
        .AddSingleton<IAuditStore>(provider => new AuditStore(provider.GetRequiredService<Store>().Database))
        .AddSingleton<IConfigurationStore>(provider => new ConfigurationStore(provider.GetRequiredService<Store>().Database))
        .AddSingleton<IReviewStore>(provider => new ReviewStore(provider.GetRequiredService<Store>().Database))
        .AddSingleton<ITokenStore>(provider => new TokenStore(provider.GetRequiredService<Store>().Database))
        .AddSingleton<IHolderStore>(provider => new HolderStore(provider.GetRequiredService<Store>().Database))
        .AddSingleton<ISessionStore>(provider => new SessionStore(provider.GetRequiredService<Store>().Writer, provider.GetRequiredService<Store>().Database, Clock(provider)))
        .AddSingleton<ISessionFlags>(provider => new SessionFlagStore(provider.GetRequiredService<Store>().Database, provider.GetRequiredService<Store>().Writer))
        .AddSingleton<IFormStore>(provider => new FormStore(provider.GetRequiredService<Store>().Writer, Clock(provider)))
        .AddSingleton<IAccountStore>(provider => new AccountStore(provider.GetRequiredService<Store>().Writer, provider.GetRequiredService<Store>().Database, provider.GetRequiredService<ChangeLog>()))
        .AddSingleton<ISignInAttempts>(provider => new SignInAttempts(provider.GetRequiredService<Store>().Writer))
        .AddSingleton<IAdminTokenStore>(provider => new AdminTokenStore(provider.GetRequiredService<Store>().Writer, provider.GetRequiredService<Store>().Database))
        .AddSingleton<IAuthorizationStore>(provider => new AuthorizationStore(provider.GetRequiredService<Store>().Writer, provider.GetRequiredService<Store>().Database, Clock(provider)))
        .AddSingleton<IDynamicClientStore>(provider => new DynamicClientStore(provider.GetRequiredService<Store>().Writer, provider.GetRequiredService<Store>().Database, Clock(provider)))
        .AddSingleton<IProofUses>(provider => new ProofUses(provider.GetRequiredService<Store>().Writer))
        .AddSingleton(provider => new ProofClearing(provider.GetRequiredService<Store>().Writer, provider.GetRequiredService<Store>().Database.Dialect, Clock(provider)))
        .AddSingleton<ILimitStore>(provider => new LimitStore(provider.GetRequiredService<Store>().Writer, provider.GetRequiredService<Store>().Database))
        .AddSingleton(provider => new LimitClearing(provider.GetRequiredService<Store>().Writer, provider.GetRequiredService<Store>().Database, Clock(provider)))
        .AddSingleton<ITokenCounts>(provider => new TokenCounting(provider.GetRequiredService<Store>().Database))
        .AddSingleton(provider => new StoreFacts(provider.GetRequiredService<Store>().Database.Dialect.Name))
        .AddSingleton(provider => new ChangeLog(
            provider.GetRequiredService<Store>().Writer, provider.GetRequiredService<ConfigurationFeed>(), options.Announces, provider.GetRequiredService<ILogger<ChangeLog>>()))
        .AddSingleton<IAnnouncementStore>(provider => new AnnouncementStore(provider.GetRequiredService<Store>().Writer, provider.GetRequiredService<Store>().Database, Clock(provider)))
        .AddSingleton<ISecurityEventStore>(provider => new SecurityEventStore(provider.GetRequiredService<Store>().Writer, provider.GetRequiredService<Store>().Database, Clock(provider)))
        .AddSingleton<IChangeLog>(provider => provider.GetRequiredService<ChangeLog>())
        .AddSingleton<IUsage>(provider => new UsageStore(provider.GetRequiredService<Store>().Database))
        .AddSingleton(provider =>
        {
            var store = provider.GetRequiredService<Store>();
            return new UsageFeed(new UsageCounter(store.Writer, store.Database));
        })
        .AddSingleton<INodeStore>(provider =>
        {
            var store = provider.GetRequiredService<Store>();
            return new NodeStore(store.Writer, store.Database, Clock(provider));
        });

    private static TimeProvider Clock(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();
}

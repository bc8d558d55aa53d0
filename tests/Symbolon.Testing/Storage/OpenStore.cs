using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Accounts;
using Symbolon.Core.Announcements;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy.Limits;
using Symbolon.Core.Revocation;
using Symbolon.Core.SecurityEvents;
using Symbolon.Core.Snapshot;
using Symbolon.Storage;
using Symbolon.Storage.Limits;
using Symbolon.Storage.Proofs;

namespace Symbolon.Testing.Storage;

/// <summary>A store as a node has it open: every port, through the registration that the product uses.</summary>
public sealed class OpenStore : IDisposable
{
    private readonly ServiceProvider services;

    public OpenStore(StorageOptions options, TimeProvider? clock = null)
    {
        services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddSingleton(clock ?? TimeProvider.System)
            .AddSingleton<EpochTable>()
            .AddSingleton<Configuration>()
            .AddSingleton(provider => new Freshness(provider.GetRequiredService<TimeProvider>(), TimeSpan.FromSeconds(5)))
            .AddSymbolonStorage(options)
            .BuildServiceProvider();
        Store = services.GetRequiredService<Store>();
    }

    public Store Store { get; }
    public Configuration Configuration => services.GetRequiredService<Configuration>();
    public Freshness Freshness => services.GetRequiredService<Freshness>();
    public ConfigurationFeed Feed => services.GetRequiredService<ConfigurationFeed>();
    public IAuditLog AuditLog => services.GetRequiredService<IAuditLog>();
    public IAuditStore Audit => services.GetRequiredService<IAuditStore>();
    public IChangeLog Changes => services.GetRequiredService<IChangeLog>();
    public IConfigurationStore Objects => services.GetRequiredService<IConfigurationStore>();
    public ITokenStore Tokens => services.GetRequiredService<ITokenStore>();
    public ISessionStore Sessions => services.GetRequiredService<ISessionStore>();
    public IFormStore Forms => services.GetRequiredService<IFormStore>();
    public IAccountStore Accounts => services.GetRequiredService<IAccountStore>();
    public ISignInAttempts Attempts => services.GetRequiredService<ISignInAttempts>();
    public IAdminTokenStore AdminTokens => services.GetRequiredService<IAdminTokenStore>();
    public ITokenCounts TokenCounts => services.GetRequiredService<ITokenCounts>();
    public IUsage Usage => services.GetRequiredService<IUsage>();
    public UsageFeed UsageFeed => services.GetRequiredService<UsageFeed>();
    public IHolderStore Holders => services.GetRequiredService<IHolderStore>();
    public IAuthorizationStore Authorizations => services.GetRequiredService<IAuthorizationStore>();
    public IDynamicClientStore DynamicClients => services.GetRequiredService<IDynamicClientStore>();
    public IProofUses Proofs => services.GetRequiredService<IProofUses>();
    public ProofClearing ProofClearing => services.GetRequiredService<ProofClearing>();
    public ILimitStore Limits => services.GetRequiredService<ILimitStore>();
    public LimitClearing LimitClearing => services.GetRequiredService<LimitClearing>();
    public IAnnouncementStore Announcements => services.GetRequiredService<IAnnouncementStore>();
    public ISecurityEventStore SecurityEvents => services.GetRequiredService<ISecurityEventStore>();
    public IReviewStore Reviews => services.GetRequiredService<IReviewStore>();
    public INodeStore Nodes => services.GetRequiredService<INodeStore>();

    public void Dispose() => services.Dispose();
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.Audit;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Policy.Limits;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway.Authentication;
using Symbolon.Gateway.Catalog;
using Symbolon.Gateway.Limits;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Policies;
using Symbolon.Gateway.Sealing;
using Symbolon.Gateway.ToolCalls;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Credentials;
using Symbolon.Gateway.Upstreams.Listening;
using Symbolon.Gateway.Upstreams.Stdio;

namespace Symbolon.Gateway;

/// <summary>Puts the gateway together.</summary>
public static class GatewayServices
{
    /// <summary>
    /// Registers the gateway. From elsewhere it needs Configuration, Freshness, IPublicOrigins, ITokenStore, IAuditLog, IProofUses, ILimitStore, CallEntryPool, ISecretBox, ICallTokens, IIdentityTokens, IForeignAssertions, IServerTokens, IFormPost, ISessionFlags,
    /// <see cref="IUpstreamHandlers"/>, StdioHost, IPinnedFiles, IPinAlarm, IDriftAlarm, TimeProvider and logging.
    /// </summary>
    /// <param name="options">Already checked by the host, with everything else that an operator sets.</param>
    public static IServiceCollection AddGateway(this IServiceCollection services, GatewayOptions options)
    {
        services.AddSingleton(options);

        services.AddSingleton<RefusalLog>();
        services.AddSingleton<IRefusalLog>(provider => provider.GetRequiredService<RefusalLog>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<RefusalLog>());
        services.AddSingleton<TokenCache>();
        services.AddSingleton<TokenLookups>();
        services.AddSingleton<StandingTable>();
        services.AddSingleton<CallerAuthenticator>();
        services.TryAddSingleton<AccessTokenReader>();
        services.TryAddSingleton<ProofNonces>();
        services.TryAddSingleton(provider => new ProofValidator(provider.GetRequiredService<ProofNonces>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CallerProofs>();
        services.AddSingleton<AccessTokenAuthenticator>();

        services.AddSingleton<StateSeal>();
        services.AddSingleton<SessionSeal>();
        services.AddSingleton<ListCursor>();
        services.AddSingleton<RequestStates>();
        services.AddSingleton<SealedTasks>();
        services.AddSingleton<EventIds>();
        services.AddSingleton<NodeKey>();
        services.AddSingleton<CallTokens>();
        services.AddSingleton<UpstreamCredentials>();
        services.AddSingleton<Identities>();
        services.AddSingleton<ProcessTokens>();
        services.AddSingleton<ForeignRequests>();
        services.AddSingleton<ForeignTokens>();
        services.AddSingleton<OwnCredentials>();
        services.AddSingleton<ISecretTrials, SecretTrials>();
        services.AddSingleton<SecretFiles>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<SecretFiles>());
        services.AddSingleton<ChannelFactories>();
        services.AddSingleton<ChannelUpstreams>();
        services.AddSingleton<UpstreamDirectory>();
        services.AddSingleton<IUpstreamHealth, UpstreamReadings>();
        services.AddSingleton<DriftReport>();
        services.AddSingleton<DriftWatch>();
        services.AddSingleton<DefinitionWatch>();
        services.AddSingleton<LiveToolsReader>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<LiveToolsReader>());
        services.AddSingleton<UpstreamListener>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<UpstreamListener>());

        services.TryAddSingleton<IReasonAddresses, NoReasonAddresses>();
        // Before the exchanges, so that it stops after them: what they give back still goes to the store.
        services.AddSingleton<StoreTrips>();
        services.AddSingleton<CounterTable>();
        services.AddSingleton<ILimits, NodeLimits>();
        services.AddHostedService<ShareReturning>();
        services.AddSingleton<OpenExchanges>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<OpenExchanges>());
        services.AddSingleton<ExchangePool>();
        services.AddSingleton<RequestForm>();
        services.AddSingleton<RequestEra>();
        services.AddSingleton<UpstreamRefusals>();
        services.AddSingleton<StreamResumption>();
        services.AddSingleton<UpstreamRelay>();
        services.AddSingleton<CallRecord>();
        services.AddSingleton<PolicyTable>();
        services.AddSingleton<SessionFlags>();
        services.AddSingleton<DecisionPoints>();
        services.AddSingleton<CallRules>();
        services.AddSingleton<CallCredentials>();
        services.AddSingleton<CallIntent>();
        services.AddSingleton<CallResults>();
        services.AddSingleton<ServerRequests>();
        services.AddSingleton<Forwarder>();
        services.AddSingleton<ListeningRelay>();
        services.AddSingleton<OpeningRequests>();
        services.AddSingleton<ListRequests>();
        services.AddSingleton<FeatureCalls>();
        services.AddSingleton<Subscriptions>();
        services.AddSingleton<TaskRequests>();
        services.AddSingleton<ToolCall>();
        services.AddSingleton<OtherRequests>();
        services.AddSingleton<SessionRequests>();
        services.AddSingleton<ToolCallPipeline>();
        services.AddSingleton<CatalogRequests>();
        return services;
    }
}

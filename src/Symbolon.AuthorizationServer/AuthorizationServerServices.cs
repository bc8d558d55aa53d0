using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Symbolon.AuthorizationServer.Accounts;
using Symbolon.AuthorizationServer.Authorize;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.CommandLine;
using Symbolon.AuthorizationServer.Consent;
using Symbolon.AuthorizationServer.Enrolment;
using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Families;
using Symbolon.AuthorizationServer.Federation;
using Symbolon.AuthorizationServer.Feed;
using Symbolon.AuthorizationServer.Introspection;
using Symbolon.AuthorizationServer.Issuing;
using Symbolon.AuthorizationServer.Keys;
using Symbolon.AuthorizationServer.Login;
using Symbolon.AuthorizationServer.Metadata;
using Symbolon.AuthorizationServer.Par;
using Symbolon.AuthorizationServer.PastedTokens;
using Symbolon.AuthorizationServer.Registration;
using Symbolon.AuthorizationServer.Requests;
using Symbolon.AuthorizationServer.Revocation;
using Symbolon.AuthorizationServer.SecurityEvents;
using Symbolon.AuthorizationServer.Token;
using Symbolon.Core;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.Changes;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Registry;

namespace Symbolon.AuthorizationServer;

public static class AuthorizationServerServices
{
    /// <summary>
    /// Pasted tokens, revocation and changes of signing keys. Needs from the host: <c>Configuration</c>, <c>IConfigurationStore</c>,
    /// <c>ITokenStore</c>, <c>IAuditStore</c>, <c>IChangeLog</c>, <c>IAuditLog</c>, <c>INodeStore</c>, <c>ISecretBox</c>, <c>ISecurityEventStore</c>, <c>TimeProvider</c>, and
    /// <c>ThisNode</c> where the process is one of the nodes; for people <c>IAccountStore</c>, <c>ISignInAttempts</c>, <c>IAdminTokenStore</c> and <c>EpochTable</c>.
    /// </summary>
    public static IServiceCollection AddAuthorizationServer(this IServiceCollection services)
    {
        services.TryAddSingleton<ChangeDesk>();
        services.TryAddSingleton<AuthorizationServerOptions>();
        services.TryAddSingleton<EventClock>();
        return services
            .AddSingleton<SigningKeyDesk>()
            .AddSingleton<ClientDesk>()
            .AddSingleton<EventsDesk>()
            .AddSingleton(PasswordHashing.NewHasher())
            .AddSingleton<PasswordHashing>()
            .AddSingleton<PasswordLinks>()
            .AddSingleton<LivePeople>()
            .AddSingleton<AccountDesk>()
            .AddSingleton<KnownDevices>()
            .AddSingleton<PasswordSignIn>()
            .AddSingleton<AdminLogins>()
            .AddSingleton<TokenIssuer>()
            .AddSingleton<TokenRotator>()
            .AddSingleton<OAuthIssues>()
            .AddSingleton<RevocationTargets>()
            .AddSingleton<EndedTokens>()
            .AddSingleton<NodeConfirmation>()
            .AddSingleton<Revoker>()
            .AddSingleton<LiveAuthorizations>()
            .AddSingleton<AuthorizationDesk>()
            .AddSingleton<RevocationWriter>()
            .AddHostedService(provider => provider.GetRequiredService<RevocationWriter>());
    }

    /// <summary>
    /// The OAuth side: keys that are made when they are due, and everything that <see cref="AuthorizationServerEndpoints.MapAuthorizationServer"/>
    /// maps but what is for people. Needs besides: <c>IProofUses</c>, <c>IRefusalLog</c>, <c>IPublicOrigins</c>, <c>IEnrolments</c>, <c>IWorkloadEnrolments</c>, <c>IFetch</c>, <c>IEventPost</c>, <c>ISecurityEventStore</c> and <c>Freshness</c>.
    /// Gives others <see cref="ICallTokens"/>, <see cref="IIdentityTokens"/>, <see cref="IForeignAssertions"/>.
    /// </summary>
    /// <param name="options">Already checked by the host, with everything else that an operator sets.</param>
    public static IServiceCollection AddOAuth(this IServiceCollection services, AuthorizationServerOptions options)
    {
        services.TryAddSingleton(new KeyAgeRules());
        services.TryAddSingleton<AccessTokenReader>();
        services.TryAddSingleton<DownstreamTokenReader>();
        services.TryAddSingleton<ProofNonces>();
        services.TryAddSingleton(provider => new ProofValidator(provider.GetRequiredService<ProofNonces>(), provider.GetRequiredService<TimeProvider>()));
        return services
            .AddSingleton(options)
            .AddHostedService<KeyRotation>()
            .AddSingleton<Signer>()
            .AddSingleton<ClientDirectory>()
            .AddSingleton<ClientAssertion>()
            .AddSingleton<ClientSecret>()
            .AddSingleton<IssuerKeys>()
            .AddSingleton<WorkloadAssertions>()
            .AddSingleton<WorkloadClients>()
            .AddSingleton<ClientAuthentication>()
            .AddSingleton<ClientEntry>()
            .AddSingleton<KeyProofs>()
            .AddSingleton<ProofLog>()
            .AddSingleton<ScopeDecision>()
            .AddSingleton<BindingDecision>()
            .AddSingleton<TokenPen>()
            .AddSingleton<AccessTokenIssuer>()
            .AddSingleton<ICallTokens, CallTokens>()
            .AddSingleton<IIdentityTokens, IdentityTokens>()
            .AddSingleton<IForeignAssertions, ForeignAssertions>()
            .AddSingleton<IServerTokens, ServerTokens>()
            .AddSingleton<LiveTokens>()
            .AddSingleton<LiveRefreshTokens>()
            .AddSingleton<Family>()
            .AddSingleton<RefreshSecrets>()
            .AddSingleton<DownstreamIssuer>()
            .AddSingleton<LiveDownstream>()
            .AddSingleton<ServerRequests>()
            .AddSingleton<OwnTokens>()
            .AddSingleton<IGrant, ClientCredentialsGrant>()
            .AddSingleton<IGrant, TokenExchangeGrant>()
            .AddSingleton<IGrant, JwtBearerGrant>()
            .AddSingleton<TokenEndpoint>()
            .AddSingleton<PlatformEnrolment>()
            .AddSingleton<EnrolmentAnswers>()
            .AddSingleton<EnrolmentEndpoint>()
            .AddSingleton<KeySuccessionEndpoint>()
            .AddSingleton<RevocationEndpoint>()
            .AddSingleton<IntrospectionEndpoint>()
            .AddSingleton<RevocationFeed>()
            .AddSingleton<FeedSeats>()
            .AddHostedService(provider => provider.GetRequiredService<RevocationFeed>())
            .AddSingleton<RevocationFeedEndpoint>()
            .AddSingleton<EventsTokenReader>()
            .AddSingleton<EventSignal>()
            .AddSingleton<EventPen>()
            .AddSingleton<EventsAccess>()
            .AddSingleton<WaitingPolls>()
            .AddSingleton<EventsEndpoint>()
            .AddSingleton<SsfMetadataEndpoint>()
            .AddHostedService<EventDelivery>()
            .AddSingleton<ServerMetadataEndpoint>()
            .AddSingleton<ResourceMetadataEndpoint>();
    }

    /// <summary>
    /// Clients that act for people: authorization endpoint, pushed requests, consent, codes and refresh tokens. Needs besides what <see cref="AddOAuth"/>
    /// does: <c>IPersonSessions</c>, <c>IConsentPages</c>, <c>IDynamicClientStore</c> and <c>IFetch</c>.
    /// </summary>
    public static IServiceCollection AddPeopleClients(this IServiceCollection services) => services
        .AddSingleton<IClientSource, MetadataDocuments>()
        .AddSingleton<IClientSource, DynamicClients>()
        .AddSingleton<RegistrationEndpoint>()
        .AddSingleton<RequestCheck>()
        .AddSingleton<PushedRequests>()
        .AddSingleton<PushEndpoint>()
        .AddSingleton<ConsentTickets>()
        .AddSingleton<ConsentDesk>()
        .AddSingleton<ConsentEndpoint>()
        .AddSingleton<SignInStamp>()
        .AddSingleton<AuthorizeReader>()
        .AddSingleton<AuthorizeEndpoint>()
        .AddSingleton<IGrant, AuthorizationCodeGrant>()
        .AddSingleton<IGrant, RefreshGrant>();
}

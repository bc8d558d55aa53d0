using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Symbolon.Admin.Access;
using Symbolon.Admin.Api;
using Symbolon.Admin.Apply;
using Symbolon.Admin.Audit;
using Symbolon.Admin.Authorizations;
using Symbolon.Admin.Clients;
using Symbolon.Admin.Exchanges;
using Symbolon.Admin.Grants;
using Symbolon.Admin.History;
using Symbolon.Admin.Identities;
using Symbolon.Admin.Issuers;
using Symbolon.Admin.Keys;
using Symbolon.Admin.Logins;
using Symbolon.Admin.Nodes;
using Symbolon.Admin.OAuthClients;
using Symbolon.Admin.Overview;
using Symbolon.Admin.Policies;
using Symbolon.Admin.Reasons;
using Symbolon.Admin.Resources;
using Symbolon.Admin.Reviews;
using Symbolon.Admin.Revocations;
using Symbolon.Admin.Secrets;
using Symbolon.Admin.Servers;
using Symbolon.Admin.Sessions;
using Symbolon.Admin.Tokens;
using Symbolon.Admin.Webhooks;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Registry;

namespace Symbolon.Admin;

public static class AdminServices
{
    private const string Prefix = "api/v1/";

    /// <summary>
    /// The admin API. Needs from the host: <see cref="IAdminCredentials"/>, <see cref="IPublicAddresses"/>, <c>AddRegistry</c>, <c>AddAuthorizationServer</c>, the
    /// stores (<c>ISessionStore</c> too), <c>StoreFacts</c>, <c>EpochTable</c>, <c>IHolderStore</c>, <c>IUpstreamHealth</c>, <c>IUsage</c>, <c>IRefusalLog</c>, <c>IAnnouncementStore</c> and <c>WebhookAddress</c>.
    /// </summary>
    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, AdminJson.Default));
        services.AddSingleton<ChainCheck>();
        services.AddSingleton(new AdminTypes(AdminJson.Default.Options));
        services.AddSingleton<ServerReads>();
        services.TryAddSingleton(new KeyAgeRules());
        services.AddSingleton<ServerKeyReads>();
        services.AddSingleton<ExchangeReads>();
        services.AddSingleton<ReviewReads>();
        services.AddSingleton<HistoryReads>();
        services.AddSingleton<AccessReads>();
        services.AddSingleton<IdentityReads>();
        services.AddSingleton<TokenTools>();
        services.AddSingleton<TokenReads>();
        services.AddSingleton<OpenSessions>();
        services.AddSingleton<OverviewNodes>();
        services.AddSingleton<EndingTokens>();
        services.AddSingleton<OverviewReader>();
        services.AddSingleton<WebhookDesk>();
        services.TryAddSingleton<PolicyTable>();
        services.AddSingleton<PolicySimulator>();
        services.AddSingleton<PolicyReads>();
        return services.AddOpenApi("v1", openApi =>
        {
            openApi.ShouldInclude = route => route.RelativePath?.StartsWith(Prefix, StringComparison.Ordinal) == true;
            openApi.AddDocumentTransformer<ApiDescription>();
            openApi.AddOperationTransformer<ApiDescription>();
        });
    }

    /// <summary>Maps <c>/api/v1</c> and <c>/openapi/v1.json</c>. The host may add its own conventions to the answer.</summary>
    public static IEndpointConventionBuilder MapAdmin(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("");
        all.MapOpenApi("/openapi/{documentName}.json")
            .WithMetadata(new RouteAccess.Anyone("It describes the routes of every installation alike, as the published source does, and holds no state."));
        all.MapLoginRedeeming();
        var api = all.MapGroup("/api/v1");
        api.AddEndpointFilter<AdminGate>();
        api.AddEndpointFilter<RefusedChange>();
        api.AddEndpointFilter<StoreFault>();
        api.MapApply();
        api.MapServers();
        api.MapServerTools();
        api.MapServerKeys();
        api.MapExchanges();
        api.MapDrift();
        api.MapReviews();
        api.MapHistory();
        api.MapClientConfig();
        api.MapIdentities();
        api.MapUsers();
        api.MapAccess();
        api.MapGrants();
        api.MapPolicies();
        api.MapResources();
        api.MapIssuers();
        api.MapAuthorizations();
        api.MapSecrets();
        api.MapTokens();
        api.MapRevocations();
        api.MapAudit();
        api.MapOAuthClients();
        api.MapClientEvents();
        api.MapKeys();
        api.MapNodes();
        api.MapWebhook();
        api.MapSessions();
        api.MapLogins();
        api.MapReasonCodes();
        api.MapOverview();
        return all;
    }
}

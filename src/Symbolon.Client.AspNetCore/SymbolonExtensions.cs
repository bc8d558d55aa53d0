using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Symbolon.Client.AspNetCore.Authentication;
using Symbolon.Client.AspNetCore.Calls;
using Symbolon.Client.AspNetCore.Resources;
using Symbolon.Client.Callers;
using Symbolon.Client.Calls;
using Symbolon.Client.Credentials;

namespace Symbolon.Client.AspNetCore;

/// <summary>What a program says to be protected by, or to call through, Symbolon.</summary>
public static class SymbolonExtensions
{
    /// <summary>Takes the tokens that MCP servers have for this API: bound to a key, of the one audience, not revoked.</summary>
    public static AuthenticationBuilder AddSymbolonApi(this AuthenticationBuilder builder, Action<SymbolonApiOptions> configure) =>
        Add(builder, SymbolonDefaults.ApiScheme, configure);

    /// <summary>Takes the gateway's call tokens for this server, and nobody else's; a call is then known to <see cref="IncomingCalls"/>.</summary>
    public static AuthenticationBuilder AddSymbolonServer(this AuthenticationBuilder builder, Action<SymbolonServerOptions> configure) =>
        Add(builder, SymbolonDefaults.ServerScheme, configure);

    /// <summary>Puts the right token on what this client sends: of the caller whose call is answered, else the server's own.</summary>
    public static IHttpClientBuilder AddSymbolonHandler(this IHttpClientBuilder builder, ServerCredential credential)
    {
        AddIncomingCalls(builder.Services);
        return builder.AddHttpMessageHandler(services => new SymbolonHandler(credential, services.GetRequiredService<IncomingCalls>().Find));
    }

    /// <summary>Names the caller in the scope of every log line of the request. Between <c>UseAuthentication</c> and <c>UseAuthorization</c>.</summary>
    public static IApplicationBuilder UseSymbolonCaller(this IApplicationBuilder app) => app.UseMiddleware<CallerScope>();

    /// <summary>Who calls; null where the request was not authenticated by Symbolon.</summary>
    public static SymbolonCaller? SymbolonCaller(this HttpContext http) => http.Features.Get<SymbolonCaller>();

    /// <summary>Demands a token that lets its bearer do this with the resource of the request; else 403 <c>insufficient_scope</c>, which names both.</summary>
    /// <param name="action">E.g. <c>read</c>.</param>
    /// <param name="resource">The one resource in full, e.g. <c>cluster:prod/namespace:checkout</c>; null, or what is none (an empty segment, <c>..</c>, <c>*</c>), refuses.</param>
    public static TBuilder RequireResource<TBuilder>(this TBuilder builder, string action, Func<HttpContext, string?> resource)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new AuthorizationPolicyBuilder(SymbolonDefaults.ApiScheme).RequireAuthenticatedUser().AddRequirements(new ResourceRequirement(action, resource)).Build());

    private static AuthenticationBuilder Add<TOptions>(AuthenticationBuilder builder, string scheme, Action<TOptions> configure)
        where TOptions : SymbolonSchemeOptions, new()
    {
        AddIncomingCalls(builder.Services);
        // Wrong settings shall stop the start, and the feed shall be there before the first request.
        builder.Services.AddKeyedSingleton(scheme, SchemeVerifier.Make<TOptions>);
        builder.Services.AddSingleton<IHostedService>(services => new VerifierStart(services, scheme));
        return builder.AddScheme<TOptions, SymbolonAuthentication<TOptions>>(scheme, configure);
    }

    private static void AddIncomingCalls(IServiceCollection services) => services.AddHttpContextAccessor().AddSingleton<IncomingCalls>();
}

using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
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
    /// <summary>
    /// Takes the tokens that MCP servers have for this API: bound to a key, of the one audience, not revoked. Every endpoint that says nothing else needs one; what everybody may ask
    /// for says <c>AllowAnonymous()</c>.
    /// </summary>
    public static AuthenticationBuilder AddSymbolonApi(this AuthenticationBuilder builder, Action<SymbolonApiOptions> configure) =>
        Add(builder, SymbolonDefaults.ApiScheme, configure);

    /// <summary>
    /// Takes the gateway's call tokens for this server, and nobody else's; a call is then known to <see cref="IncomingCalls"/>. Every endpoint that says nothing else needs one; what
    /// everybody may ask for says <c>AllowAnonymous()</c>.
    /// </summary>
    public static AuthenticationBuilder AddSymbolonServer(this AuthenticationBuilder builder, Action<SymbolonServerOptions> configure)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Transient<IStartupFilter, CallFilter>());
        return Add(builder, SymbolonDefaults.ServerScheme, configure);
    }

    /// <summary>Puts on what this client sends the token of the caller whose call is answered; outside of a call no request is made.</summary>
    public static IHttpClientBuilder AddSymbolonHandler(this IHttpClientBuilder builder, ServerCredential credential) =>
        builder.AddHttpMessageHandler(() => new SymbolonHandler(credential, IncomingCalls.Find));

    /// <summary>Puts the server's own token on what this client sends, whoever calls: for what the server does in its own name alone.</summary>
    public static IHttpClientBuilder AddSymbolonHandlerAsServer(this IHttpClientBuilder builder, ServerCredential credential) =>
        builder.AddHttpMessageHandler(() => SymbolonHandler.AsServer(credential));

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
        // With the services an application puts both into its pipeline by itself, also where it names neither.
        builder.Services.AddAuthorization().AddSingleton(new ProtectedScheme(scheme));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<AuthorizationOptions>, FallbackProtection>());
        // Wrong settings shall stop the start, and the feed shall be there before the first request.
        builder.Services.AddKeyedSingleton(scheme, SchemeVerifier.Make<TOptions>);
        builder.Services.AddSingleton<IHostedService>(services => new VerifierStart(services, scheme));
        return builder.AddScheme<TOptions, SymbolonAuthentication<TOptions>>(scheme, configure);
    }
}

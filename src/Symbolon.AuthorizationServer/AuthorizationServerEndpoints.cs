using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.AuthorizationServer.Authorize;
using Symbolon.AuthorizationServer.Consent;
using Symbolon.AuthorizationServer.Enrolment;
using Symbolon.AuthorizationServer.Feed;
using Symbolon.AuthorizationServer.Introspection;
using Symbolon.AuthorizationServer.Keys;
using Symbolon.AuthorizationServer.Metadata;
using Symbolon.AuthorizationServer.Par;
using Symbolon.AuthorizationServer.Registration;
using Symbolon.AuthorizationServer.Revocation;
using Symbolon.AuthorizationServer.SecurityEvents;
using Symbolon.AuthorizationServer.Token;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;

namespace Symbolon.AuthorizationServer;

/// <summary>The addresses of the authorization server. DESIGN.md section 4, Addresses.</summary>
public static class AuthorizationServerEndpoints
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps what clients use. Host and Origin have to be checked before.</summary>
    public static void MapAuthorizationServer(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        routes.MapJwks();
        var server = services.GetRequiredService<ServerMetadataEndpoint>();
        foreach (var path in new[] { ServerMetadataEndpoint.OAuthPath, ServerMetadataEndpoint.OpenIdPath })
            routes.MapMethods(path, Reading, server.HandleAsync).WithMetadata(new RouteAccess.Anyone("What the server can, the same for everybody."));
        routes.MapMethods(ResourceMetadataEndpoint.Path, Reading, services.GetRequiredService<ResourceMetadataEndpoint>().HandleAsync)
            .WithMetadata(new RouteAccess.Anyone("RFC 9728 §3: a client without a token has to find the way to one. It tells nothing that the address did not."));
        MapClients(routes, TokenEndpoint.Path, services.GetRequiredService<TokenEndpoint>().HandleAsync);
        MapClients(routes, RevocationEndpoint.Path, services.GetRequiredService<RevocationEndpoint>().HandleAsync);
        MapClients(routes, IntrospectionEndpoint.Path, services.GetRequiredService<IntrospectionEndpoint>().HandleAsync);
        routes.MapMethods(EnrolmentEndpoint.Path, [HttpMethods.Post], services.GetRequiredService<EnrolmentEndpoint>().HandleAsync)
            .WithMetadata(new RouteAccess.Anyone("A server's runtime that has no key yet: it shows a code that an administrator gave it, good once, and proves the key that it has made."));
        MapClients(routes, KeySuccessionEndpoint.Path, services.GetRequiredService<KeySuccessionEndpoint>().HandleAsync);
        MapClients(routes, RevocationFeedEndpoint.Path, services.GetRequiredService<RevocationFeedEndpoint>().HandleAsync);
        MapClients(routes, EventsToken.Path, services.GetRequiredService<EventsEndpoint>().HandleAsync);
        routes.MapMethods(SsfMetadataEndpoint.Path, Reading, services.GetRequiredService<SsfMetadataEndpoint>().HandleAsync)
            .WithMetadata(new RouteAccess.Anyone("How APIs are told security events, the same for everybody."));
        if (services.GetService<AuthorizeEndpoint>() is { } authorize) MapPeople(routes, authorize);
    }

    private static void MapPeople(IEndpointRouteBuilder routes, AuthorizeEndpoint authorize)
    {
        var services = routes.ServiceProvider;
        routes.MapMethods(AuthorizeEndpoint.Path, [HttpMethods.Get], authorize.HandleAsync)
            .WithMetadata(new RouteAccess.Anyone("RFC 6749 §3.1: a browser brings the request of a client. Nothing is given before a person has signed in and consented."));
        routes.MapMethods(ConsentForm.Path, [HttpMethods.Post], services.GetRequiredService<ConsentEndpoint>().HandleAsync)
            .WithMetadata(new RouteAccess.Anyone("A person's answer, good only from the session that was asked, with the sealed form that asked it."));
        MapClients(routes, PushEndpoint.Path, services.GetRequiredService<PushEndpoint>().HandleAsync);
        if (services.GetRequiredService<AuthorizationServerOptions>().DynamicRegistration)
            routes.MapMethods(RegistrationEndpoint.Path, [HttpMethods.Post], services.GetRequiredService<RegistrationEndpoint>().HandleAsync)
                .WithMetadata(new RouteAccess.Anyone("RFC 7591, where the operator allows it: a client that is registered so can do nothing before a person has consented."));
    }

    /// <summary>POST alone: a GET would put what is secret into logs (RFC 6749 §3.2, OAuth 2.1 §3.2).</summary>
    private static void MapClients(IEndpointRouteBuilder routes, string path, RequestDelegate handle) =>
        routes.MapMethods(path, [HttpMethods.Post], handle).WithMetadata(new RouteAccess.Client());
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Symbolon.AuthorizationServer.PastedTokens;
using Symbolon.AuthorizationServer.Revocation;
using Symbolon.Core.Changes;

namespace Symbolon.AuthorizationServer;

public static class AuthorizationServerServices
{
    /// <summary>
    /// Pasted tokens and revocation. Needs from the host: <c>Configuration</c>, <c>ITokenStore</c>, <c>IChangeLog</c>, <c>IAuditLog</c>,
    /// <c>INodeStore</c>, <c>TimeProvider</c>, and <c>ThisNode</c> where the process is one of the nodes.
    /// </summary>
    public static IServiceCollection AddAuthorizationServer(this IServiceCollection services)
    {
        services.TryAddSingleton<ChangeDesk>();
        return services
            .AddSingleton<EventClock>()
            .AddSingleton<TokenIssuer>()
            .AddSingleton<TokenRotator>()
            .AddSingleton<RevocationTargets>()
            .AddSingleton<EndedTokens>()
            .AddSingleton<NodeConfirmation>()
            .AddSingleton<Revoker>()
            .AddSingleton<RevocationWriter>()
            .AddHostedService(provider => provider.GetRequiredService<RevocationWriter>());
    }
}

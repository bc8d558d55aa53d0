using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Symbolon.Client.AspNetCore.Authentication;

/// <summary>
/// An endpoint of which nobody has said who may call it is for nobody without a token: forgetting a line must not open a tool. A fallback policy that the program sets itself stays.
/// </summary>
/// <param name="schemes">Those that the program takes tokens by; any one of them does.</param>
internal sealed class FallbackProtection(IEnumerable<ProtectedScheme> schemes) : IPostConfigureOptions<AuthorizationOptions>
{
    public void PostConfigure(string? name, AuthorizationOptions options) =>
        options.FallbackPolicy ??= new AuthorizationPolicyBuilder([.. schemes.Select(scheme => scheme.Name)]).RequireAuthenticatedUser().Build();
}

/// <summary>One scheme by which the program takes tokens of Symbolon.</summary>
internal sealed record ProtectedScheme(string Name);

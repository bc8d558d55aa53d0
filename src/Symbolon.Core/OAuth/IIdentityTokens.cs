using Symbolon.Core.Identity;

namespace Symbolon.Core.OAuth;

/// <summary>
/// Mints what a server is shown that only wants to know who asks (<c>spec.upstream.identity</c>), in this process: the keys stay with the authorization server. It is no access
/// token: nothing of ours takes it, and it gives nothing.
/// </summary>
public interface IIdentityTokens
{
    /// <returns>The token; null when there is no key to sign with at this moment: the request must not go out.</returns>
    string? Issue(IdentityOrder order);
}

/// <summary>Of whom a server is told.</summary>
/// <param name="Issuer">A public origin.</param>
/// <param name="Audience">The server's URL, as the approved file says (<c>Uri.OriginalString</c>).</param>
public sealed record IdentityOrder(OrganisationId Organisation, string Issuer, ServerName Server, string Audience)
{
    /// <summary>The caller's token, as it was verified; null for what the gateway asks for itself.</summary>
    public TokenRecord? Caller { get; init; }

    /// <summary>The tool of a <c>tools/call</c>; null for every other request.</summary>
    public ToolName? Tool { get; init; }

    /// <summary>What goes with it, as <c>Content-Digest</c> says it (RFC 9530 §2): the token is good for that alone. Null where nothing does.</summary>
    public string? Digest { get; init; }
}

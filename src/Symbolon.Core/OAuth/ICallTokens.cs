using Symbolon.Core.Identity;
using Symbolon.Core.Resources;
using Symbolon.Jose;

namespace Symbolon.Core.OAuth;

/// <summary>
/// Mints the tokens that the gateway shows to servers of <c>credential.mode: exchange</c>, in this process: the keys stay with the authorization server. What is minted is not
/// recorded here; the record of the call is the record.
/// </summary>
public interface ICallTokens
{
    /// <returns>The token; null when there is no key to sign with at this moment, or it would be longer than 8 KiB: the request must not go out.</returns>
    string? Issue(CallTokenOrder order);
}

/// <summary>What a call token shall be; everything in it is decided.</summary>
/// <param name="Issuer">The public origin that the caller's request selected; any of them for what the gateway asks for itself.</param>
/// <param name="Server">It alone may exchange the token.</param>
/// <param name="Audience">Its URL, as the approved file says (<c>Uri.OriginalString</c>).</param>
/// <param name="Key">Thumbprint of the gateway's own key, whose proof goes with each request.</param>
public sealed record CallTokenOrder(OrganisationId Organisation, string Issuer, ServerName Server, string Audience, Sha256Value Key)
{
    /// <summary>The caller's token, as it was verified; null for what the gateway asks for itself.</summary>
    public TokenRecord? Caller { get; init; }

    /// <summary>The tool of a <c>tools/call</c>; null for every other request.</summary>
    public ToolName? Tool { get; init; }

    /// <summary>What the tool needs, with this call's arguments in the place of its own; null where it says nothing, and without a tool.</summary>
    public ResourceSet? Needs { get; init; }
}

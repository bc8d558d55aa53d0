using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core.OAuth.Authorizations;

namespace Symbolon.AuthorizationServer.Requests;

/// <summary>An authorization request that is well-formed, of a client that we know, to a redirect URI of its own.</summary>
internal sealed record AuthorizationRequest
{
    public required RegisteredClient Client { get; init; }
    public required RedirectAnswer Answer { get; init; }

    /// <summary>SHA-256 of the verifier, base64url (RFC 7636 §4.2).</summary>
    public required string Challenge { get; init; }

    /// <summary>Thumbprint of the key that shall redeem the code (RFC 9449 §10).</summary>
    public string? Key { get; init; }
    public required AskedScope Asked { get; init; }

    /// <summary>The parameters, to be read again when the person has answered.</summary>
    public required string Parameters { get; init; }

    /// <summary>What the client had pushed, and is used up by the answer; null where the browser brought the parameters itself.</summary>
    public PushedRequest? Pushed { get; init; }

    /// <summary>No page may be shown (<c>prompt=none</c>).</summary>
    public bool IsSilent { get; init; }

    /// <summary>The person has to be asked, whatever was consented to before.</summary>
    public bool AsksAgain { get; init; }

    /// <summary>The person has to sign in for this request.</summary>
    public bool NeedsSignIn { get; init; }

    /// <summary>Seconds that the sign-in may be old; null for any.</summary>
    public long? MaxAge { get; init; }
}

using System.Net;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Jose;

namespace Symbolon.AuthorizationServer.Entry;

/// <summary>A request of a client that has proved itself.</summary>
/// <param name="Origin">The origin that it selected, which is our issuer.</param>
/// <param name="Peer">Where it came from; null where the connection has no address.</param>
internal sealed record ClientRequest(OrganisationId Organisation, AuthenticatedClient Proof, OAuthForm Form, string Origin, IPAddress? Peer)
{
    public RegisteredClient Client => Proof.Client;

    public ClientId Id => Proof.Client.Id;

    /// <summary>What was found out about it on the way, for its record: also for that of a refusal.</summary>
    public RequestFacts Facts { get; } = new();

    /// <summary>What <see cref="KeyProofs"/> found; null where no proof of a key came, or none is asked for.</summary>
    public ProofVerdict.Accepted? KeyProof { get; init; }

    /// <summary>Thumbprint of the key that the client has proved to hold: what its tokens are bound to (RFC 9449 §5); null without a proof.</summary>
    public Sha256Value? Key => KeyProof?.Key;

    /// <summary>All that this request shows and that is good for one time. Used up before the answer leaves, whatever that is.</summary>
    public IReadOnlyList<ProofUse> Uses => [.. ((ProofUse?[])[Proof.Use, KeyProof?.Use]).OfType<ProofUse>()];
}

/// <summary>Filled in while a request is decided.</summary>
internal sealed class RequestFacts
{
    /// <summary>The trace that the request says to belong to, 32 hex digits; not trusted.</summary>
    public string? Trace { get; set; }

    /// <summary>The verified token that the request is about; null for none.</summary>
    public DownstreamToken? Subject { get; set; }

    /// <summary>What <see cref="Subject"/> allows, as a record may hold it; null for nothing.</summary>
    public string? Allowed { get; set; }

    /// <summary>What of it was asked for, as a record may hold it; null where nothing was said, or it may hold none of it.</summary>
    public string? Asked { get; set; }
}

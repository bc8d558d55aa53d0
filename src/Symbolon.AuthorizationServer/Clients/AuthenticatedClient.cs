using Symbolon.AuthorizationServer.Federation;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Jose;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>A client that has proved itself.</summary>
/// <param name="Use">What the proof uses up. Whoever answers this request, with a yes or a no, has to use it before the answer leaves; null where nothing can be replayed.</param>
internal sealed record AuthenticatedClient(RegisteredClient Client, ProofUse? Use)
{
    /// <summary>Thumbprint of the key that signed its assertion; null for one that proved itself otherwise, or not at all.</summary>
    public Sha256Value? SignedBy { get; init; }

    /// <summary>Thumbprint of another key that its assertion names (<c>cnf.jkt</c>, RFC 7800 §3.1, RFC 9449 §6.1): for that one it vouches. Null for none.</summary>
    public Sha256Value? VouchesFor { get; init; }

    /// <summary>Whom its platform says that it is; null for one that proved itself otherwise, or not at all.</summary>
    public Workload? Workload { get; init; }
}

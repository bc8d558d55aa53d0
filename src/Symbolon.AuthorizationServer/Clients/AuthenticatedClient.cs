using Symbolon.Core.OAuth.Proofs;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>A client that has proved itself.</summary>
/// <param name="Use">What the proof uses up. Whoever answers this request, with a yes or a no, has to use it before the answer leaves; null where nothing can be replayed.</param>
internal sealed record AuthenticatedClient(RegisteredClient Client, ProofUse? Use);

using Symbolon.Core.Identity;

namespace Symbolon.Core.OAuth.Authorizations;

/// <summary>An authorization request that a client left with us (RFC 9126), by the hash of its reference.</summary>
/// <param name="Parameters">As they were sent, form-encoded, without the client's proof.</param>
/// <param name="ExpiresAt">Microseconds since the Unix epoch, up to which a browser may open it.</param>
/// <param name="Peer">The network that it came from, for whom nobody vouches; empty for a client that proved itself.</param>
public sealed record PushedRequest(TokenHash Hash, ClientId Client, string Parameters, long ExpiresAt, string Peer = "");

using Symbolon.Core.Identity;

namespace Symbolon.Core.OAuth;

/// <summary>
/// Issues the tokens of servers that have no key, processes of ours that read them from a file: what such a server would get by <c>client_credentials</c>, in this process, bound to no key. Each is recorded
/// before it is given out. DESIGN.md section 4, Identities on the way.
/// </summary>
public interface IServerTokens
{
    /// <returns>Null when the server gets none now: it is not active, its approved file does not say so, nothing is approved that needs an API, there is no key to sign with, or it cannot be recorded.</returns>
    Task<ServerToken?> IssueAsync(OrganisationId organisation, ServerName server);

    ServerTokenState StateOf(ServerToken token);
}

/// <param name="IssuedAt">Microseconds since the Unix epoch, as is <paramref name="ExpiresAt"/>.</param>
public sealed record ServerToken(OrganisationId Organisation, ServerName Server, string Text, long IssuedAt, long ExpiresAt)
{
    public override string ToString() => "(token)";
}

public enum ServerTokenState
{
    /// <summary>It says exactly what the server gets now.</summary>
    Current,

    /// <summary>An API takes it, and another one would say something else.</summary>
    Outdated,

    /// <summary>It has ended, or was revoked by anything.</summary>
    Dead,
}

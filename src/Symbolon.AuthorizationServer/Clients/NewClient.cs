using Symbolon.Core.Registry;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>What an administrator asks for when registering a client.</summary>
/// <param name="Agent">Whom it is when it acts for itself, and beside people: at most one of agent and workflow, exactly one for a client without redirects.</param>
/// <param name="Keys">Public JWKs, one JSON text each; or none, with <paramref name="LegacySecret"/>, or for a public client.</param>
/// <param name="LegacySecret">It can sign nothing, and gets a secret instead.</param>
/// <param name="DpopBound">It gets no token but those that are bound to its key.</param>
/// <param name="MustPush">Its requests count only where it has pushed them.</param>
/// <param name="Audience">The API that it is, in the form of <see cref="Core.Registry.Files.ApiAudience"/>: then it is neither agent nor workflow, and acts for nobody.</param>
/// <param name="Redirects">Where people may be sent back to; none for a client that acts for itself alone. With neither keys nor secret the client is public.</param>
public sealed record NewClient(
    string Name, string Owner, string? Agent, string? Workflow, IReadOnlyList<string> Keys, bool LegacySecret, string? Reason, IReadOnlyList<string>? Redirects = null,
    bool DpopBound = false, bool MustPush = false, string? Audience = null)
{
    /// <summary>How it is told security events, for an API; null for not at all.</summary>
    public WantedEvents? Events { get; init; }
}

/// <summary>A client with the secret that was made for it, which is never to be had again; null for one with keys.</summary>
public sealed record RegisteredClientResult(ClientObject Client, long Version, string? Secret);

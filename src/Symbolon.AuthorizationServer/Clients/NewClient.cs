using Symbolon.Core.Registry;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>What an administrator asks for when registering a client.</summary>
/// <param name="Agent">Whom it is when it acts for itself: exactly one of agent and workflow.</param>
/// <param name="Keys">Public JWKs, one JSON text each; or none, with <paramref name="LegacySecret"/>.</param>
/// <param name="LegacySecret">It can sign nothing, and gets a secret instead.</param>
public sealed record NewClient(string Name, string Owner, string? Agent, string? Workflow, IReadOnlyList<string> Keys, bool LegacySecret, string? Reason);

/// <summary>A client with the secret that was made for it, which is never to be had again; null for one with keys.</summary>
public sealed record RegisteredClientResult(ClientObject Client, long Version, string? Secret);

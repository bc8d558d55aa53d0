using System.Globalization;
using Symbolon.Core.Registry;

namespace Symbolon.Admin.Console.AuditPages;

/// <summary>One place of the delegation chain.</summary>
/// <param name="Icon">person, agent, workflow, gateway, server or api.</param>
/// <param name="Kind">What it is, below its name.</param>
/// <param name="Form">How its box looks: <c>us</c> for the gateway, <c>stop</c> where it ended, <c>unknown</c> for what nobody recorded.</param>
/// <param name="Credential">By what it leads on to the next one; null where the record does not say.</param>
/// <param name="IsCut">It led no further.</param>
public sealed record ChainNode(string Icon, string Name, string Kind, string? Form = null, string? Credential = null, bool IsCut = false)
{
    private const int MostName = 48;

    /// <summary>
    /// Person, then what acts for them, then where it was decided, then the server, and behind a call that may have reached it the API that it
    /// used. Servers do not report that one, and the last place says so.
    /// </summary>
    /// <param name="server">As it is approved now, which is no part of the record; null where there is none any more.</param>
    internal static IReadOnlyList<ChainNode> Of(AuditEntry entry, ServerManifest? server)
    {
        var line = entry.Main;
        var nodes = new List<ChainNode>();
        if (line.User is { } user) nodes.Add(new("person", Cut(user), "person"));
        if (line.Agent is { } agent) nodes.Add(new("agent", Cut(agent), "agent"));
        if (line.Workflow is { } workflow) nodes.Add(new("workflow", Cut(workflow), "workflow"));
        if (nodes.Count == 0 || !entry.IsRequest) return [];
        if (line.Token is { } token) nodes[^1] = nodes[^1] with { Credential = $"token {token}" };
        var isRefused = entry.State == AuditState.Refused;
        var isForwarded = !entry.IsCall ? !isRefused : entry.MayHaveRun;
        nodes.Add(isRefused && !isForwarded
            ? new("gateway", "Symbolon", $"gateway; refused it: {entry.Code}", "stop", "nothing was sent", IsCut: true)
            : new("gateway", "Symbolon", "gateway; decided, is no actor", "us", isForwarded ? Carried(server) : null, IsCut: !isForwarded));
        nodes.Add(new("server", Cut(line.Server ?? ""), PlaceOf(server) is { } place ? $"server, now {Cut(place)}" : "server"));
        if (!entry.IsCall || !isForwarded) return nodes;
        nodes[^1] = nodes[^1] with { Credential = "not seen by Symbolon" };
        nodes.Add(new("api", "API: not reported", NeedsOf(server, line.Tool), "unknown"));
        return nodes;
    }

    /// <summary>What was approved to be needed behind the server; what was really called nobody tells.</summary>
    private static string NeedsOf(ServerManifest? server, string? tool) =>
        server?.Tools.FirstOrDefault(each => each.Name.Value == tool)?.Needs.SelectMany(need => need.ToScopes()).ToList() is [var first, .. var more]
            ? $"now approved for {Cut(first)}{(more.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {more.Count} more") : "")}"
            : "what this server calls, it tells nobody here";

    /// <summary>Never the caller's token: that stays here.</summary>
    private static string Carried(ServerManifest? server) => server?.Credential switch
    {
        UpstreamCredential.Stored secret => Cut($"now secret {secret.Secret} in {secret.Header ?? secret.Env ?? secret.File}"),
        UpstreamCredential.Exchange { File: not null } => "now a token in a file, bound to no key",
        UpstreamCredential.Exchange => "now a token of its own for each call",
        UpstreamCredential.Foreign foreign => Cut($"now a token from {new Uri(foreign.TokenEndpoint).Authority}"),
        UpstreamCredential.None => "no credential",
        _ => "not the caller's token",
    };

    private static string? PlaceOf(ServerManifest? server) => server?.Upstream switch
    {
        UpstreamAddress.Http http => $"at {http.Url.GetLeftPart(UriPartial.Authority)}",
        UpstreamAddress.Sse sse => $"at {sse.Url.GetLeftPart(UriPartial.Authority)}",
        UpstreamAddress.Stdio => "a process beside Symbolon",
        _ => null,
    };

    private static string Cut(string name) => Parts.ShortText.Of(name, MostName);
}

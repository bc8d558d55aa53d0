using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.AuthorizationServer.PastedTokens;

/// <summary>
/// Whether the grants that match a holder allow what a token shall name, and how long it may live by them. For each scope one
/// covering grant is needed, the one that allows the longest life; <c>@granted</c> needs them all, <c>@prompts</c> and <c>@resources</c> all that give some.
/// </summary>
internal sealed class GrantCoverage
{
    private readonly List<string> missing = [];

    /// <summary>Scopes that no live grant of the holder allows.</summary>
    public IReadOnlyList<string> Missing => missing;

    /// <summary>Seconds; the smallest <c>maxTtl</c> of the grants that are needed.</summary>
    public long CeilingSeconds { get; private set; } = long.MaxValue;

    /// <summary>The grant that sets the ceiling; null when none does.</summary>
    public GrantName? CeilingGrant { get; private set; }

    /// <param name="access">What the token names of the server; tools exist in its approved manifest.</param>
    /// <param name="server">The server, approved.</param>
    /// <param name="grants">Live grants that match the holder.</param>
    public void Add(ServerAccess access, ServerObject server, IEnumerable<GrantObject> grants)
    {
        var live = grants.SelectMany(grant => grant.Servers.Where(found => found.Server == access.Server).Select(found => (grant, found))).ToList();
        var manifest = server.Approved!.Manifest;
        foreach (var tool in access.Tools)
            NeedOne(live.Where(entry => Allows(entry.found, Find(manifest, tool))), Scopes.Tool(access.Server, tool));
        foreach (var effect in access.Effects) AddClass(access.Server, effect, manifest, live);
        if (access.AllPrompts) AddAll(live.Where(entry => !entry.found.Prompts.IsEmpty), Scopes.Prompts(access.Server));
        if (access.AllResources) AddAll(live.Where(entry => !entry.found.Resources.IsEmpty), Scopes.Resources(access.Server));
        if (access.Granted) AddAll(live, Scopes.Granted(access.Server));
    }

    private void AddClass(ServerName server, Effect effect, ServerManifest manifest, List<(GrantObject Grant, ServerAccess Access)> live)
    {
        var whole = live.Where(entry => entry.Access.Effects.Contains(effect)).ToList();
        var members = manifest.Tools.Where(tool => tool.Effect == effect && !tool.Flags.MustBeNamed()).ToList();
        // Without a grant of the class, the class is what it holds today: a call decides again against the live grants anyway.
        if (whole.Count > 0 || members.Count == 0) NeedOne(whole, Scopes.Class(server, effect));
        else foreach (var tool in members) NeedOne(live.Where(entry => Allows(entry.Access, tool)), Scopes.Tool(server, tool.Name));
    }

    private void AddAll(IEnumerable<(GrantObject Grant, ServerAccess Access)> needed, string scope)
    {
        var all = needed.ToList();
        if (all.Count == 0) missing.Add(scope);
        foreach (var (grant, _) in all) Lower(grant);
    }

    private void NeedOne(IEnumerable<(GrantObject Grant, ServerAccess Access)> candidates, string scope)
    {
        var longest = candidates.Select(entry => entry.Grant).MaxBy(grant => grant.MaxTtlSeconds ?? long.MaxValue);
        if (longest is null) missing.Add(scope);
        else Lower(longest);
    }

    private void Lower(GrantObject grant)
    {
        if (grant.MaxTtlSeconds is not { } seconds || seconds >= CeilingSeconds) return;
        CeilingSeconds = seconds;
        CeilingGrant = grant.Name;
    }

    private static ManifestTool Find(ServerManifest manifest, ToolName name) => manifest.Tools.First(tool => tool.Name == name);

    private static bool Allows(ServerAccess access, ManifestTool tool) =>
        access.Tools.Contains(tool.Name) || (access.Effects.Contains(tool.Effect) && !tool.Flags.MustBeNamed());
}

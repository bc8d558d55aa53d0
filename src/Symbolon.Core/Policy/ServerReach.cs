using System.Collections.Frozen;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;

namespace Symbolon.Core.Policy;

/// <summary>
/// What one holder's token reaches on one server: token ∩ every live grant that matches, decided once for each pair and kept
/// until the configuration changes or <see cref="ValidUntil"/> passes. Lists and calls read the same table.
/// </summary>
public sealed class ServerReach
{
    private readonly FrozenDictionary<string, ToolReach> tools;

    private readonly FeatureTable features;

    private ServerReach(FrozenDictionary<string, ToolReach> tools, FeatureTable features, long validUntil, bool lacksKey)
    {
        this.tools = tools;
        this.features = features;
        ValidUntil = validUntil;
        LacksKey = lacksKey;
    }

    /// <summary>Microseconds since the Unix epoch; the first end of a grant that took part.</summary>
    public long ValidUntil { get; }

    /// <summary>The token is bound to no key, and nothing at all here is for such a one: the server, the organisation or every grant demands it.</summary>
    public bool LacksKey { get; }

    /// <summary>What of these parts only a token that is bound to a key could call; <c>@granted</c> is left to the call, unless nothing would be left of it.</summary>
    /// <param name="access">What the token names, or shall name.</param>
    /// <returns>Scopes; none where the token may be as it is.</returns>
    public IReadOnlyList<string> OnlyWithKey(ServerAccess access)
    {
        if (LacksKey) return [.. Scopes.Of(access)];
        var named = access with { Granted = false };
        var lacking = tools.Values.Where(reach => reach.Decision is Decision.Deny { Code: ReasonCode.ProofRequired }).ToList();
        var found = lacking.Where(reach => ToolReach.ScopeOf(access.Server, reach.Tool!, named) is not null).Select(reach => Scopes.Tool(access.Server, reach.Tool!.Name)).ToList();
        if (access.AllPrompts && features.LackPromptsKey) found.Add(Scopes.Prompts(access.Server));
        if (access.AllResources && features.LackResourcesKey) found.Add(Scopes.Resources(access.Server));
        if (found.Count == 0 && (lacking.Count > 0 || features.LackPromptsKey || features.LackResourcesKey) && !features.HasPrompts && !features.HasResources && tools.Values.All(reach => !reach.IsAllowed)) found.AddRange(Scopes.Of(access));
        return found;
    }

    /// <summary>Whether the tool may be called, and if not why. Tools that the manifest does not name are unknown.</summary>
    public ToolReach this[string tool] => tools.TryGetValue(tool, out var reach) ? reach : ToolReach.Unknown;

    /// <summary>The same by UTF-8 name, without allocation.</summary>
    public ToolReach Find(ReadOnlySpan<byte> utf8Name)
    {
        Span<char> name = stackalloc char[128];
        return utf8Name.Length <= 128
            && System.Text.Encoding.UTF8.TryGetChars(utf8Name, name, out var length)
            && tools.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out var reach) ? reach : ToolReach.Unknown;
    }

    /// <summary>Whether the prompt may be got, and if not why. Nobody knows here whether the server has it.</summary>
    public FeatureReach Prompt(string name) => features.Prompt(name);

    /// <summary>Whether the resource may be read or subscribed to, and if not why: by the exact text of its URI.</summary>
    public FeatureReach Resource(string uri) => features.Resource(uri);

    /// <summary>Whether values for a template of URIs (RFC 6570) may be completed: where every resource that it stands for may be read.</summary>
    public FeatureReach Template(string uriTemplate) => features.Template(uriTemplate);

    /// <summary>Whether a template of URIs (RFC 6570) is listed: where a resource that it stands for may be read. Reading one is decided by itself.</summary>
    public bool MayReachTemplate(string uriTemplate) => features.MayReachTemplate(uriTemplate);

    /// <summary>Whether any prompt at all may be got, if the server has it.</summary>
    public bool HasPrompts => features.HasPrompts;

    /// <summary>Whether any resource at all may be read, if the server has it.</summary>
    public bool HasResources => features.HasResources;

    /// <param name="demanded">What the organisation demands of tokens.</param>
    /// <returns>The reach, or null when the holder has no live grant on the server or the token does not name it: then the server does not exist for this caller.</returns>
    public static ServerReach? Of(TokenRecord token, ServerObject server, IEnumerable<GrantObject> grants, BindingRule demanded, long now) =>
        Decide(token, server, grants, demanded, now) is { } found
            ? new ServerReach(found.Tools.ToFrozenDictionary(StringComparer.Ordinal), FeaturesOf(server, found), found.ValidUntil, found.LacksKey) : null;

    /// <summary>The same for who looks at each tool once: a table that is made for many look-ups costs more than all of these.</summary>
    /// <inheritdoc cref="Of"/>
    public static ReachOnce? Once(TokenRecord token, ServerObject server, IEnumerable<GrantObject> grants, BindingRule demanded, long now) =>
        Decide(token, server, grants, demanded, now) is { } found ? new ReachOnce(found.Tools, new Lazy<FeatureTable>(() => FeaturesOf(server, found))) : null;

    private static FeatureTable FeaturesOf(ServerObject server, Decided found) => new(found.Terms, Scopes.Union(server.Name, found.Named), found.Live);

    private static Decided? Decide(TokenRecord token, ServerObject server, IEnumerable<GrantObject> grants, BindingRule demanded, long now)
    {
        if (server.Approved is not { } approved) return null;
        var named = token.Servers.Where(access => access.Server == server.Name).ToList();
        if (named.Count == 0) return null;

        var live = new List<(GrantObject Grant, ServerAccess Access)>();
        var validUntil = long.MaxValue;
        foreach (var grant in grants)
        {
            if (grant.EndsAt <= now || !grant.To.Match(token.Holder)) continue;
            foreach (var access in grant.Servers.Where(access => access.Server == server.Name))
            {
                live.Add((grant, access));
                validUntil = Math.Min(validUntil, grant.EndsAt);
            }
        }
        if (live.Count == 0) return null;

        var manifest = approved.Manifest;
        var terms = new ReachTerms(manifest, demanded, IsBound: token.OAuth?.Key is not null, token.OAuth?.Limits);
        var drifted = server.Drifted.Select(each => each.Tool).ToHashSet();
        var tools = manifest.Tools.ToDictionary(tool => tool.Name.Value, tool => ToolReach.Of(terms, server.Name, tool, named, live, drifted.Contains(tool.Name)), StringComparer.Ordinal);
        var lacksKey = !terms.IsBound && (demanded.CoversAll() || manifest.Binding?.CoversAll() == true || live.TrueForAll(each => each.Grant.Binding == TokenBinding.Dpop));
        return new Decided(tools, terms, named, live, validUntil, lacksKey);
    }

    private sealed record Decided(
        Dictionary<string, ToolReach> Tools, ReachTerms Terms, List<ServerAccess> Named, List<(GrantObject Grant, ServerAccess Access)> Live, long ValidUntil, bool LacksKey);
}

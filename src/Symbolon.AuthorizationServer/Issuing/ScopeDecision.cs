using System.Diagnostics.CodeAnalysis;
using System.Text;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.PastedTokens;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;

namespace Symbolon.AuthorizationServer.Issuing;

/// <summary>What a token may name: one resource, and of it what was asked for and is granted.</summary>
/// <param name="CeilingSeconds">The smallest <c>maxTtl</c> of the grants that are needed.</param>
internal sealed record DecidedScope(ProtectedResource Resource, ServerAccess Access, long CeilingSeconds)
{
    /// <summary>What is asked for and a tool of it needs; null where no limit is asked for.</summary>
    public ResourceSet? Limits { get; init; }
}

/// <summary>What is asked for: one resource, and scopes of it; none stands for all that is granted.</summary>
/// <param name="Limits">Resources behind the server to be limited to; null for no such limit.</param>
internal sealed record AskedScope(ProtectedResource Resource, IReadOnlyList<ServerAccess> Parts, ResourceSet? Limits);

/// <summary>
/// Decides resource and scopes of a token (RFC 8707 §2, RFC 6749 §3.3): the intersection of what is asked and what the live grants of the holder
/// allow. A server that does not exist and one on which there is no grant are refused alike. DESIGN.md section 4, Scopes.
/// </summary>
internal sealed class ScopeDecision(Configuration configuration, IPublicOrigins origins, TimeProvider clock)
{
    private const int MostScopes = 500;

    /// <summary>Many a client looks for a way to another token when one that it was given is refused, and comes here with an address that takes pasted ones, or with none.</summary>
    private const string Pasted = "A client that was given a token (sym_...) and comes here has one that is over: give it a new one.";

    private static readonly OAuthError NoTarget = OAuthError.InvalidTarget(
        $"Say which server the token is for: resource=ORIGIN/mcp/SERVER, or scopes of one server alone (mcp:SERVER:TOOL). One token is for one server. {Pasted}");

    private static readonly OAuthError NotOurs = OAuthError.InvalidTarget(
        $"resource names no MCP server that this client may reach. It has the form ORIGIN/mcp/SERVER, without a slash, query or fragment behind it. {Pasted}");

    private static readonly OAuthError NothingNeeded = OAuthError.InvalidAuthorizationDetails(
        "authorization_details names nothing with which a tool of these scopes could be called. A tool that does not say what it needs is called without authorization_details alone.");

    private static readonly OAuthError TooMuchNeeded = OAuthError.InvalidAuthorizationDetails(
        $"These tools need more than {AuthorizationDetails.Most} different resources, or longer ones than can be written down, of what authorization_details names. Ask for fewer or shorter ones.");

    private static readonly OAuthError NothingGranted = OAuthError.InvalidScope("No live grant allows any of these scopes.");

    /// <param name="origin">The origin that the request selected; scopes that name a server without a resource mean the one there.</param>
    public OAuthOutcome<DecidedScope> Decide(OrganisationId organisation, Holder holder, OAuthForm form, string origin) =>
        Read(form, origin).Failed(out var why, out var asked) ? why : Decide(organisation, holder, asked);

    /// <summary>What a request asks for, by itself: nobody's grants are looked at.</summary>
    public OAuthOutcome<AskedScope> Read(OAuthForm form, string origin)
    {
        if (!TryReadLimits(form, out var limits, out var unlimited)) return unlimited;
        if (form.Resources.Count > 1) return NoTarget;
        if (ReadScopes(form[OAuthParameter.Scope]).Failed(out var unread, out var asked)) return unread;
        ProtectedResource resource;
        if (form.Resources is [var named])
        {
            if (!ProtectedResource.TryParse(named, origins, out resource)) return NotOurs;
        }
        else if (asked.Select(part => part.Server).Distinct().ToList() is [var only]) resource = new ProtectedResource(origin, only);
        else return NoTarget;
        if (asked.Any(part => part.Server != resource.Server)) return OAuthError.InvalidScope("Every scope has to be one of the server that resource names.");
        return new AskedScope(resource, asked, limits);
    }

    /// <summary>Reads <c>authorization_details</c> (RFC 9396 §2), if there are any.</summary>
    public static bool TryReadLimits(OAuthForm form, out ResourceSet? limits, [NotNullWhen(false)] out OAuthError? why)
    {
        (limits, why) = (null, null);
        if (form[OAuthParameter.AuthorizationDetails] is not { } text) return true;
        limits = AuthorizationDetails.Parse(Encoding.UTF8.GetBytes(text), out var fault);
        if (limits is null) why = OAuthError.InvalidAuthorizationDetails($"{OAuthParameter.AuthorizationDetails}{fault}.");
        return why is null;
    }

    /// <param name="since">When it was consented to, in microseconds since the Unix epoch: grants that were revoked later give nothing to it. Null for what is new.</param>
    public OAuthOutcome<DecidedScope> Decide(OrganisationId organisation, Holder holder, AskedScope asked, long? since = null)
    {
        if (Narrow(organisation, holder, asked.Resource, [.. asked.Parts], since).Failed(out var why, out var decided)) return why;
        if (asked.Limits is not { } limits) return decided;
        // Nothing is known of what prompts and resources need behind the server, so a token that is limited there has none.
        var access = decided.Access with { AllPrompts = false, AllResources = false };
        return Limit(limits, Tools(organisation, holder, access, limits, since)).Failed(out why, out var needed) ? why : decided with { Access = access, Limits = needed };
    }

    /// <summary>Whether this access names prompts, and resources, of which the live grants of the holder allow some at this moment; never with limits, as <see cref="Decide(OrganisationId, Holder, AskedScope, long?)"/>.</summary>
    public (bool Prompts, bool Resources) Features(OrganisationId organisation, Holder holder, ServerAccess access, ResourceSet? limits, long? since = null)
    {
        if (limits is not null || configuration.Server(organisation, access.Server) is not { Approved: not null }) return (false, false);
        var live = LiveGrants(organisation, holder, access.Server, since).SelectMany(grant => grant.Servers.Where(each => each.Server == access.Server)).ToList();
        return ((access.AllPrompts || access.Granted) && live.Exists(each => !each.Prompts.IsEmpty), (access.AllResources || access.Granted) && live.Exists(each => !each.Resources.IsEmpty));
    }

    /// <summary>What of the limits these tools need.</summary>
    public static OAuthOutcome<ResourceSet> Limit(ResourceSet limits, IEnumerable<ManifestTool> tools)
    {
        var needed = limits.Intersect(ToolNeeds.Union(tools));
        return needed.IsEmpty ? NothingNeeded : AuthorizationDetails.IsTooLarge(needed) ? TooMuchNeeded : needed;
    }

    /// <summary>The tools that this access names and the live grants of the holder allow at this moment; with limits, those that could be called under them.</summary>
    public IReadOnlyList<ManifestTool> Tools(OrganisationId organisation, Holder holder, ServerAccess access, ResourceSet? limits, long? since = null)
    {
        if (configuration.Server(organisation, access.Server) is not { Approved: { } approved }) return [];
        var live = LiveGrants(organisation, holder, access.Server, since).SelectMany(grant => grant.Servers.Where(each => each.Server == access.Server)).ToList();
        return [.. approved.Manifest.Tools.Where(tool => Names(access, tool) && live.Exists(each => Names(each, tool)) && (limits is null || ToolNeeds.CanBeCalled(tool, limits)))];

        bool Names(ServerAccess each, ManifestTool tool) => ToolReach.ScopeOf(access.Server, tool, each) is not null;
    }

    private static OAuthOutcome<List<ServerAccess>> ReadScopes(string? text)
    {
        var asked = new List<ServerAccess>();
        foreach (var scope in text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            // Clients of people add it to whatever they ask; a refresh token comes without asking where there is one.
            if (scope == "offline_access") continue;
            if (!Scopes.TryParse(scope, out var part)) return OAuthError.InvalidScope("A scope is none of ours. Scopes are mcp:SERVER:TOOL, mcp:SERVER:@read, @write, @irreversible, @prompts, @resources and @granted.");
            if (asked.Count == MostScopes) return OAuthError.InvalidScope($"More than {MostScopes} scopes are asked for. Ask for classes, or for @granted.");
            asked.Add(part!);
        }
        return asked;
    }

    private OAuthOutcome<DecidedScope> Narrow(OrganisationId organisation, Holder holder, ProtectedResource resource, List<ServerAccess> asked, long? since)
    {
        var server = configuration.Server(organisation, resource.Server);
        var grants = LiveGrants(organisation, holder, resource.Server, since);
        if (server is not { State: Lifecycle.Active or Lifecycle.Suspended, Approved: not null } || grants.Count == 0) return NotOurs;
        if (asked.Count == 0) asked.Add(new ServerAccess { Server = resource.Server, Granted = true });
        var kept = asked.SelectMany(part => Allowed(part, server, grants)).ToList();
        if (kept.Count == 0) return NothingGranted;
        var access = Scopes.Union(resource.Server, kept);
        return new DecidedScope(resource, access, Cover(access, server, grants).CeilingSeconds);
    }

    private List<GrantObject> LiveGrants(OrganisationId organisation, Holder holder, ServerName server, long? since)
    {
        var now = clock.Microseconds();
        return [.. configuration.GrantsOn(organisation, server, since ?? now).Where(grant => grant.EndsAt > now && grant.To.Match(holder))];
    }

    /// <summary>What of one scope the grants allow: a class of which they allow only some tools is these tools.</summary>
    private static IEnumerable<ServerAccess> Allowed(ServerAccess asked, ServerObject server, List<GrantObject> grants)
    {
        var tools = server.Approved!.Manifest.Tools;
        if (asked.Tools is [var tool] && tools.All(known => known.Name != tool)) return [];
        if (Cover(asked, server, grants).Missing.Count == 0) return [asked];
        if (asked.Effects is not [var effect]) return [];
        return tools.Where(each => each.Effect == effect && !each.Flags.MustBeNamed())
            .Select(each => new ServerAccess { Server = asked.Server, Tools = [each.Name] })
            .Where(each => Cover(each, server, grants).Missing.Count == 0);
    }

    private static GrantCoverage Cover(ServerAccess access, ServerObject server, List<GrantObject> grants)
    {
        var coverage = new GrantCoverage();
        coverage.Add(access, server, grants);
        return coverage;
    }
}

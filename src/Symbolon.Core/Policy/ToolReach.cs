using System.Collections.Frozen;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Policy;

/// <summary>The decision about one tool for one token, made ahead of the call. DESIGN.md section 4, Refusals.</summary>
public sealed class ToolReach
{
    /// <summary>The tool is in no manifest.</summary>
    public static readonly ToolReach Unknown = new() { Decision = new Decision.Deny(ReasonCode.UnknownTool) };

    private ToolReach() { }

    public required Decision Decision { get; init; }

    /// <summary>Null only for <see cref="Unknown"/>.</summary>
    public ManifestTool? Tool { get; init; }

    /// <summary>Arguments that a record may hold, redacted; null, the usual case, when it holds none.</summary>
    public FrozenSet<string>? RecordedArguments { get; private init; }

    /// <summary>The resources that each call has to keep to; null, the usual case, for a token without such a limit.</summary>
    public ResourceSet? Limits { get; private init; }

    /// <summary>It drifted: refused, and listed to nobody, until it is reviewed again, whatever is listed now.</summary>
    public bool IsSuspended { get; private init; }

    public bool IsAllowed => Decision is Decision.Allow;

    /// <summary>A tool of effect read may be forwarded while its intent is being committed. DESIGN.md section 4, Audit durability.</summary>
    public bool IsRead => Tool is { Effect: Effect.Read };

    /// <param name="isSuspended">It drifted.</param>
    internal static ToolReach Of(ReachTerms terms, ServerName server, ManifestTool tool, List<ServerAccess> token, List<(GrantObject Grant, ServerAccess Access)> grants, bool isSuspended) => new()
    {
        Decision = terms.Decide(
            token.Select(access => ScopeOf(server, tool, access)).FirstOrDefault(found => found is not null),
            [.. grants.Where(live => ScopeOf(server, tool, live.Access) is not null).Select(live => live.Grant)],
            tool.Effect,
            isWithinLimits: terms.Limits is not { } limits || ToolNeeds.CanBeCalled(tool, limits),
            needs: Scopes.Tool(server, tool.Name),
            hidden: Unknown.Decision),
        Tool = tool,
        RecordedArguments = terms.Manifest.RecordedArguments(tool),
        Limits = terms.Limits,
        IsSuspended = isSuspended,
    };

    /// <summary>The narrowest scope of this access that covers the tool, or null.</summary>
    public static string? ScopeOf(ServerName server, ManifestTool tool, ServerAccess access)
    {
        if (access.Tools.Contains(tool.Name)) return Scopes.Tool(server, tool.Name);
        if (access.Effects.Contains(tool.Effect) && !tool.Flags.MustBeNamed()) return Scopes.Class(server, tool.Effect);
        return access.Granted ? Scopes.Granted(server) : null;
    }
}

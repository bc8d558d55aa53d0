using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Symbolon.Core.Identity;
using Symbolon.Core.Outbound;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Registry;

/// <summary>A registered server: its owner, its state and up to two versions of its manifest. The approved one serves until another is approved.</summary>
public sealed record ServerObject
{
    public required ServerName Name { get; init; }
    public required Lifecycle State { get; init; }
    public ManifestVersion? Approved { get; init; }
    public ManifestVersion? Pending { get; init; }

    /// <summary>Why and by whom the state last changed, for people.</summary>
    public StateChange? LastChange { get; init; }

    /// <summary>The highest number that a version of the manifest ever had: who approves number 3 approves what was shown as 3.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int LastNumber { get; init; }

    /// <summary>The number that the next version of the manifest gets.</summary>
    [JsonIgnore]
    public int NextNumber => Math.Max(LastNumber, Math.Max(Approved?.Number ?? 0, Pending?.Number ?? 0)) + 1;

    /// <summary>The union that reviewers approved last: a manifest that needs no more is live at once. Null before the first approval, and where it is the union of what serves.</summary>
    public ImmutableArray<ResourceNeed>? Envelope { get; init; }

    /// <summary>How many reviews it has had.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Reviews { get; init; }

    /// <summary>Number of the open review of <see cref="Pending"/>.</summary>
    public int? PendingReview { get; init; }

    /// <summary>Number of the open review of <see cref="Drifted"/>.</summary>
    public int? DriftReview { get; init; }

    /// <summary>Tools that were listed otherwise than they were reviewed: suspended until they are reviewed, whatever is listed meanwhile.</summary>
    public ImmutableArray<DriftedTool> Drifted { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Definitions that reviewers turned down: their tools are refused while they are listed so, and nobody is asked again.</summary>
    public ImmutableArray<DriftedTool> TurnedDown { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Of the definitions turned down those that were listed since the tool was last listed as reviewed: what it needs is not given to the server meanwhile.</summary>
    public ImmutableArray<DriftedTool> Withheld { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>It is suspended because of drift, not by a person.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsSuspendedByDrift { get; init; }

    /// <summary>All that a version may need without another review.</summary>
    public ResourceSet EnvelopeSet() => Envelope is { } needs ? ResourceSet.Of(needs) : ToolNeeds.Union(Approved?.Manifest.Tools ?? []);

    /// <summary>All that its tools need that serve now: what it may have at the API behind it. Empty unless it is active.</summary>
    public ResourceSet ServingNeeds()
    {
        if (State != Lifecycle.Active || Approved is not { } approved) return ResourceSet.Of([]);
        var doubted = DoubtedTools();
        return ToolNeeds.Union(approved.Manifest.Tools.Where(tool => !doubted.Contains(tool.Name)));
    }

    /// <summary>Tools that may be something else at this moment than what was reviewed: they get nothing at the API.</summary>
    public HashSet<ToolName> DoubtedTools() => [.. Drifted.Concat(Withheld).Select(each => each.Tool)];

    public string Owner => (Approved ?? Pending)?.Manifest.Owner ?? "";
}

/// <param name="Digest">As it was listed when it was seen last.</param>
public sealed record DriftedTool(ToolName Tool, Era Era, string Digest);

public sealed record StateChange
{
    public required string By { get; init; }
    public required long At { get; init; }
    public string? Reason { get; init; }
}

/// <summary>A manifest with the number it got when it was applied (1, 2, …), and who answers for it.</summary>
public sealed record ManifestVersion
{
    public required int Number { get; init; }
    public required string AppliedBy { get; init; }
    public required long AppliedAt { get; init; }
    public string? ApprovedBy { get; init; }
    public long? ApprovedAt { get; init; }

    /// <summary>Applied and approved by the same person: allowed while there is no second reviewer, and a finding. DESIGN.md section 4, Reviews.</summary>
    public bool SelfApproved { get; init; }

    /// <summary>
    /// Where the host led when this version was approved, <see cref="HostPlace.Inside"/> or <see cref="HostPlace.Outside"/>; one that was outside is
    /// never connected to inside. Null before the approval, and for what was approved before this was asked.
    /// </summary>
    public HostPlace? Place { get; init; }

    /// <summary>Number of the approved version in whose envelope this one is, so that it served at once and nobody was asked.</summary>
    public int? InEnvelopeOf { get; init; }

    /// <summary>Where its file came from; null where nobody said.</summary>
    public SourceCommit? Source { get; init; }

    /// <summary>Number of the version that it takes back to; null for one from a file.</summary>
    public int? RollbackTo { get; init; }

    public required ServerManifest Manifest { get; init; }
}

/// <summary>The reviewed part of a server, as its file says. DESIGN.md section 4, Files.</summary>
public sealed record ServerManifest
{
    public required string Owner { get; init; }
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
    public required UpstreamAddress Upstream { get; init; }
    public UpstreamCredential Credential { get; init; } = new UpstreamCredential.None();

    /// <summary>The request header in which an HTTP upstream is told who asks, by a token that is good for nothing else; null where it is not told.</summary>
    public string? IdentityHeader { get; init; }

    /// <summary>Null where the node's own hold.</summary>
    public UpstreamLimits? Limits { get; init; }

    /// <summary>What happens when a tool is listed otherwise than it was reviewed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DriftRule OnDrift { get; init; }

    /// <summary>What must be called with a bound token; null for nothing.</summary>
    public BindingRule? Binding { get; init; }

    /// <summary>Answer for a tool outside the caller's reach as for one that does not exist.</summary>
    public bool ConcealTools { get; init; }

    /// <summary>What this server may ask of a client.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ClientFeatures ClientFeatures { get; init; }

    /// <summary>What the audit keeps of a call beside its HMAC and size.</summary>
    public RecordedContent Content { get; init; }

    public ImmutableArray<ManifestTool> Tools { get; init; } = [];

    /// <summary>
    /// The arguments of a tool that a record may hold, or null for none: only where the server says so and the tool names them, and never
    /// for a sensitive tool, whatever its file says.
    /// </summary>
    public FrozenSet<string>? RecordedArguments(ManifestTool tool) =>
        Content == RecordedContent.Arguments && !tool.RecordedArguments.IsEmpty && !tool.Flags.HasFlag(ToolFlags.Sensitive)
            ? tool.RecordedArguments.ToFrozenSet(StringComparer.Ordinal)
            : null;
}

/// <summary><c>spec.onDrift</c>.</summary>
public enum DriftRule
{
    SuspendTool,
    SuspendServer,
}

/// <summary><c>spec.audit.content</c>.</summary>
public enum RecordedContent
{
    None,

    /// <summary>The arguments that each tool names, redacted.</summary>
    Arguments,
}

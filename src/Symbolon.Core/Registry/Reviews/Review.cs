using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Symbolon.Core.Identity;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Registry.Reviews;

/// <summary>
/// One question to the reviewers of a server: a version of its manifest that waits, or definitions that are listed without having been reviewed.
/// DESIGN.md section 4, Reviews and Drift.
/// </summary>
public sealed record Review
{
    public required ReviewName Name { get; init; }
    public required ReviewCause Cause { get; init; }
    public ReviewState State { get; init; }

    /// <summary>Who applied the version; for drift the gateway.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>Microseconds since the Unix epoch.</summary>
    public required long OpenedAt { get; init; }

    /// <summary>Microseconds since the Unix epoch: from this moment on it cannot be approved. <see cref="long.MaxValue"/> for drift, whose tools stay suspended until somebody decides.</summary>
    public long ExpiresAt { get; init; } = long.MaxValue;

    /// <summary>Number of the manifest that waits; null for drift.</summary>
    public int? Manifest { get; init; }

    /// <summary>Version of the server's object with which the review was opened: there stand both what served then and what was to come.</summary>
    public required long ObjectVersion { get; init; }

    /// <summary>Why, in the words of who asks.</summary>
    public string? Request { get; init; }

    /// <summary>Where the file came from; null where nobody said.</summary>
    public SourceCommit? Source { get; init; }

    /// <summary>The definitions of a drift, one for each tool and era.</summary>
    public ImmutableArray<SeenDefinition> Definitions { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Who decided; null while it is open, and for what nobody decided.</summary>
    public StateChange? Decision { get; init; }

    /// <summary>Decided by who asked for it, since there was no second reviewer.</summary>
    public bool SelfApproved { get; init; }

    /// <summary>Grows with every change: who decides names it, so that nobody decides what they have not seen. 0 before it is stored.</summary>
    [JsonIgnore]
    public long Revision { get; init; }

    public bool IsOpenAt(long now) => State == ReviewState.Open && now < ExpiresAt;
}

/// <summary>A definition as a server listed it, unreviewed.</summary>
/// <param name="Digest">By <see cref="ToolDigest"/>.</param>
/// <param name="Definition">The tool's JSON object as it was listed; null where it was too large to keep: the server has to be registered anew then.</param>
/// <param name="SeenAt">Microseconds since the Unix epoch.</param>
public sealed record SeenDefinition(ToolName Tool, Era Era, string Digest, JsonElement? Definition, long SeenAt);

/// <summary>The commit of a file, as the command line that applied it said.</summary>
public sealed record SourceCommit(string? Commit, string? Author);

public enum ReviewCause
{
    /// <summary>The first version of a server.</summary>
    Registration,

    /// <summary>A version that asks for more than was approved.</summary>
    Change,

    /// <summary>Tools that are listed otherwise than they were reviewed.</summary>
    Drift,
}

public enum ReviewState
{
    Open,
    Approved,
    Rejected,

    /// <summary>Nobody decided in time.</summary>
    Expired,

    /// <summary>Another version, or the end of the server, took its place.</summary>
    Superseded,
}

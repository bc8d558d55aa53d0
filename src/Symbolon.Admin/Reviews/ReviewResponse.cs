using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Symbolon.Admin.Api;

namespace Symbolon.Admin.Reviews;

/// <summary>A review in a list.</summary>
public record ReviewSummary
{
    /// <summary>The server and the number of its review: <c>deploy.3</c>.</summary>
    [JsonPropertyOrder(-1)]
    public required string Name { get; init; }
    [JsonPropertyOrder(-1)]
    public required string Server { get; init; }

    /// <summary><c>registration</c>, <c>change</c> or <c>drift</c>.</summary>
    [JsonPropertyOrder(-1)]
    public required string Cause { get; init; }

    /// <summary><c>open</c>, <c>approved</c>, <c>rejected</c>, <c>expired</c> or <c>superseded</c>.</summary>
    [JsonPropertyOrder(-1)]
    public required string State { get; init; }

    /// <summary>Grows with every change; who decides names it.</summary>
    [JsonPropertyOrder(-1)]
    public required long Revision { get; init; }

    /// <summary>Who applied the version; <c>gateway</c> for drift.</summary>
    [JsonPropertyOrder(-1)]
    public required string RequestedBy { get; init; }

    /// <summary>Why, in the words of who asks.</summary>
    [JsonPropertyOrder(-1)]
    public string? Request { get; init; }

    /// <summary>Commit of the file; absent where nobody said.</summary>
    [JsonPropertyOrder(-1)]
    public string? Commit { get; init; }

    /// <summary>Who wrote that commit.</summary>
    [JsonPropertyOrder(-1)]
    public string? Author { get; init; }
    [JsonPropertyOrder(-1)]
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>From then on it cannot be approved; absent for drift, which waits as long as it takes.</summary>
    [JsonPropertyOrder(-1)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Number of the manifest that waits; absent for drift.</summary>
    [JsonPropertyOrder(-1)]
    public int? Manifest { get; init; }

    /// <summary>Tools whose definitions were seen, for drift.</summary>
    [JsonPropertyOrder(-1)]
    public required IReadOnlyList<string> DriftedTools { get; init; }
    [JsonPropertyOrder(-1)]
    public string? DecidedBy { get; init; }
    [JsonPropertyOrder(-1)]
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Why it was decided so.</summary>
    [JsonPropertyOrder(-1)]
    public string? Reason { get; init; }

    /// <summary>Approved by who asked, since there was no second reviewer.</summary>
    [JsonPropertyOrder(-1)]
    public bool SelfApproved { get; init; }
}

/// <summary>A review with what it is about.</summary>
public sealed record ReviewResponse : ReviewSummary
{
    public ReviewResponse() { }

    [SetsRequiredMembers]
    internal ReviewResponse(ReviewSummary summary) : base(summary) { }

    /// <summary>Number of the version that serves, or served when it was decided; absent for a registration.</summary>
    public int? Serves { get; init; }

    /// <summary>The tools that would be added, removed or changed, at most 500; each in the words of its file.</summary>
    public IReadOnlyList<ReviewedToolResponse> Tools { get; init; } = [];

    /// <summary>How many more there are.</summary>
    public int MoreTools { get; init; }

    /// <summary>What changes besides tools.</summary>
    public IReadOnlyList<FieldChangeResponse> Fields { get; init; } = [];

    /// <summary>The computed union beside the approved envelope.</summary>
    public UnionResponse Union { get; init; } = new(IsInside: true, [], [], []);

    /// <summary>What that union gets at beyond itself, by the graph of <c>kind: Resource</c>, step by step; at most 500.</summary>
    public IReadOnlyList<ReachedResponse> Reaches { get; init; } = [];

    /// <summary>What starts or changes because of it, and what that reaches and triggers in turn: the blast radius; at most 500.</summary>
    public IReadOnlyList<ReachedResponse> Triggers { get; init; } = [];

    /// <summary>The highest sensitivity of all these: <c>public</c>, <c>internal</c>, <c>confidential</c> or <c>secret</c>; absent where nothing is known.</summary>
    public string? MostSensitive { get; init; }

    /// <summary>Actions that its calls were seen to take downstream; absent where nothing reports them: the union says what tools may do, not what they did.</summary>
    public IReadOnlyList<string>? SeenDownstream { get; init; }

    /// <summary>Why this administrator cannot approve it; absent where nothing stands in the way.</summary>
    public string? CannotApprove { get; init; }

    /// <summary>Who approves it now asked for it, and is recorded as such: there is no second reviewer.</summary>
    public bool WouldBeSelfApproved { get; init; }

    /// <summary>Its host's name leads inside this network now: approving needs <c>inside: true</c>.</summary>
    public bool NeedsInside { get; init; }

    /// <summary>What a reviewer should look at.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <param name="Change"><c>added</c>, <c>removed</c> or <c>changed</c>.</param>
/// <param name="Waits">Why each part is not live yet, for people.</param>
/// <param name="Fields">Names of the fields that differ; empty for what is added or removed.</param>
/// <param name="Before">The tool as its file says it now; absent where it is new.</param>
/// <param name="After">As it would say it; absent where it goes.</param>
public sealed record ReviewedToolResponse(string Name, string Change, IReadOnlyList<string> Waits, IReadOnlyList<string> Fields, JsonElement? Before, JsonElement? After);

/// <summary>Scopes of resources: <c>read:docs/*</c>.</summary>
/// <param name="IsInside">Nothing is added: the union is inside the envelope.</param>
public sealed record UnionResponse(bool IsInside, IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Kept);

/// <param name="Resource">A pattern of resources.</param>
/// <param name="Way">How it is come to, for people: <c>project/*/metadata → project/*/secrets</c>, and <c>⇒</c> for what is triggered.</param>
/// <param name="By">Names of the objects of <c>kind: Resource</c> that say so, in the order of the steps.</param>
/// <param name="Sensitivity">Absent where nothing is known.</param>
public sealed record ReachedResponse(string Resource, string Way, IReadOnlyList<string> By, string? Sensitivity);

public sealed record DecideRequest
{
    /// <summary>Of the review as it was shown: nobody decides what they have not seen.</summary>
    public required long Revision { get; init; }

    /// <summary>To approve: the host may be inside this network. Needed where <c>needsInside</c>.</summary>
    public bool Inside { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}

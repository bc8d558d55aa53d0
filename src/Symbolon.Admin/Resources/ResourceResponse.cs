using Symbolon.Admin.Api;

namespace Symbolon.Admin.Resources;

/// <summary>What is known of resources behind the servers; it tells reviewers how far a tool reaches, and allows and refuses nothing.</summary>
public sealed record ResourceResponse
{
    public required string Name { get; init; }

    /// <summary><c>active</c> or <c>retired</c>.</summary>
    public required string State { get; init; }

    /// <summary>The resources that it is about, e.g. <c>project/*/metadata</c>.</summary>
    public required string Pattern { get; init; }

    /// <summary>Patterns of what who gets at one of them gets at besides.</summary>
    public required IReadOnlyList<string> Reaches { get; init; }

    /// <summary>Patterns of what starts, changes or is deployed because of them.</summary>
    public required IReadOnlyList<string> Triggers { get; init; }

    /// <summary><c>public</c>, <c>internal</c>, <c>confidential</c> or <c>secret</c>.</summary>
    public required string Sensitivity { get; init; }
    public StateChangeResponse? LastChange { get; init; }

    /// <summary>Version of the object, also its <c>ETag</c>; absent in lists and while the store cannot be asked.</summary>
    public long? Version { get; init; }
}

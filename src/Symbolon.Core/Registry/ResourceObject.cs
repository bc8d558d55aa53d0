using System.Collections.Immutable;
using Symbolon.Core.Identity;
using Symbolon.Core.Resources;

namespace Symbolon.Core.Registry;

/// <summary>
/// What is known of resources behind the servers: what they lead to and what happens because of them. It tells reviewers how far a tool reaches, and
/// allows nothing and refuses nothing. DESIGN.md section 4, Files. None of its patterns has an argument.
/// </summary>
public sealed record ResourceObject
{
    public required ResourceName Name { get; init; }

    /// <summary>The resources that it is about.</summary>
    public required ResourcePattern Pattern { get; init; }

    /// <summary>What who gets at one of them, by whatever action, gets at besides.</summary>
    public ImmutableArray<ResourcePattern> Reaches { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>What starts, changes or is deployed because of them.</summary>
    public ImmutableArray<ResourcePattern> Triggers { get; init => field = value.IsDefault ? [] : value; } = [];

    public required Sensitivity Sensitivity { get; init; }

    /// <summary>Microseconds since the Unix epoch; set once when it is retired, for good. It counts for nothing then.</summary>
    public long? RetiredAt { get; init; }

    /// <summary>Why and by whom it was retired.</summary>
    public StateChange? LastChange { get; init; }
}

using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry;

/// <summary>What the gateway of this node knows of the servers behind it, from memory. Other nodes may know more, or something else.</summary>
public interface IUpstreamHealth
{
    /// <returns>What is known of the version that serves; <see cref="UpstreamReading.Nothing"/> where it is not active or nobody has used it here.</returns>
    UpstreamReading Of(OrganisationId organisation, ServerObject server);
}

public enum UpstreamHealth
{
    /// <summary>Not read yet by this node.</summary>
    Unknown,

    /// <summary>The last reading of at least one era succeeded.</summary>
    Ok,

    /// <summary>No era could be read when it was tried last.</summary>
    Unreachable,
}

/// <summary>Who starts the processes of stdio servers. DESIGN.md section 4, Reviews.</summary>
public enum ProcessStarter
{
    /// <summary>The gateway itself: they run as its user and can read its data folder.</summary>
    Gateway,

    /// <summary><c>symbolon runner</c>, under a user of their own.</summary>
    Runner,
}

/// <summary>The last reading of a server's tools.</summary>
public sealed record UpstreamReading
{
    public static readonly UpstreamReading Nothing = new() { Health = UpstreamHealth.Unknown };

    public required UpstreamHealth Health { get; init; }

    /// <summary>Microseconds since the Unix epoch of the last whole list; null where none was read.</summary>
    public long? ReadAt { get; init; }

    /// <summary>Why it cannot be reached, for people; never a word of the server's own.</summary>
    public string? Fault { get; init; }

    /// <summary>Microseconds since the Unix epoch since when this node refuses calls without trying, but for one now and then; null while it tries each.</summary>
    public long? CircuitOpenSince { get; init; }

    /// <summary>The tools of the manifest as they are listed; empty where no list was read.</summary>
    public IReadOnlyDictionary<ToolName, LiveDefinition> Tools { get; init; } = new Dictionary<ToolName, LiveDefinition>();

    /// <summary>Whose child its process is here, running or not; null for a server that is none.</summary>
    public ProcessStarter? StartedBy { get; init; }

    /// <summary>Tools whose calls are refused because what is listed was not reviewed.</summary>
    public int SuspendedTools => Tools.Values.Count(tool => tool.IsSuspended);
}

/// <summary>A listed definition beside the reviewed one. DESIGN.md section 4, Drift.</summary>
/// <param name="Listed">The digests that are listed now, by era.</param>
public sealed record LiveDefinition(DefinitionState State, ToolDigests Listed)
{
    /// <summary>Its calls are refused until it is reviewed; one that vanished is only unavailable.</summary>
    public bool IsSuspended => State is DefinitionState.Changed or DefinitionState.Unreviewed;
}

public enum DefinitionState
{
    /// <summary>Listed as it was reviewed, in every era in which it was.</summary>
    Reviewed,

    /// <summary>Listed with another definition than was reviewed, in at least one era.</summary>
    Changed,

    /// <summary>Not listed any more.</summary>
    Vanished,

    /// <summary>Listed only in eras in which it was never reviewed.</summary>
    Unreviewed,
}

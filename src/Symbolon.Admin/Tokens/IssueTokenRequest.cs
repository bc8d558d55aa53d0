using System.Text.Json.Serialization;

namespace Symbolon.Admin.Tokens;

/// <summary>A token for at least one of a person, an agent and a workflow.</summary>
public sealed record IssueTokenRequest
{
    /// <summary>E-mail address.</summary>
    public string? User { get; init; }
    public string? Agent { get; init; }
    public string? Workflow { get; init; }

    /// <summary>What it may reach; no more than the holder's grants allow. Entries of one server are united.</summary>
    public required IReadOnlyList<ServerAccessRequest> Servers { get; init; }

    /// <summary>e.g. <c>8h</c>; at least 60s. More than the ceiling is refused, not clipped. Default 8h with an agent or workflow, 30d for a person alone, or the ceiling where that is less.</summary>
    public string? Ttl { get; init; }

    /// <summary>Shown in lists; at most 1024 characters.</summary>
    public string? Note { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// Creates the grant that allows exactly this holder the tools that this means today, by name, in the same step: what is reviewed into a
    /// class later is not in it, and neither are prompts and resources.
    /// </summary>
    public CreateGrantRequest? CreateGrant { get; init; }

    /// <summary>Creates the agent in the same step.</summary>
    public CreateAgentRequest? CreateAgent { get; init; }

    /// <summary>Creates the workflow in the same step.</summary>
    public CreateWorkflowRequest? CreateWorkflow { get; init; }
}

/// <summary>What of one server: tools by name or by effect class, its prompts, its resources, or all that the grants allow at the time of a call.</summary>
public sealed record ServerAccessRequest
{
    public required string Name { get; init; }
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary><c>read</c>, <c>write</c>, <c>irreversible</c>.</summary>
    public IReadOnlyList<string>? Effects { get; init; }

    /// <summary>All prompts that the grants allow at the time of a call.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AllPrompts { get; init; }

    /// <summary>All resources that the grants allow at the time of a call.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AllResources { get; init; }
    public bool All { get; init; }
}

public sealed record CreateGrantRequest
{
    public required string Name { get; init; }

    /// <summary>Last day, UTC, as YYYY-MM-DD; <c>never</c> for one that does not end by itself. Default: as far ahead as a token may live at most (90 days, or the organisation's ceiling).</summary>
    public string? Expires { get; init; }

    /// <summary>Longest life of a token that needs it, e.g. <c>8h</c>; default: as long as this token lives.</summary>
    public string? MaxTtl { get; init; }
}

public sealed record CreateAgentRequest
{
    /// <summary>E-mail address of who answers for the agent.</summary>
    public required string Owner { get; init; }
}

public sealed record CreateWorkflowRequest
{
    /// <summary>E-mail address of who answers for the workflow.</summary>
    public required string Owner { get; init; }
}

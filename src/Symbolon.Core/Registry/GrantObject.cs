using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry;

/// <summary>Who may use which tools of which servers, until when. DESIGN.md section 4, Files.</summary>
public sealed record GrantObject
{
    public required GrantName Name { get; init; }
    public required GrantSubjects To { get; init; }
    public required ImmutableArray<ServerAccess> Servers { get; init; }

    /// <summary>The last day, UTC, on which it holds. It refuses at once afterwards, also under a live token.</summary>
    public DateOnly? Expires { get; init; }

    /// <summary>Seconds; the longest life of a token that needs this grant. Null: the organisation's ceiling.</summary>
    public long? MaxTtlSeconds { get; init; }

    /// <summary>What a token must be bound to, to be served by this grant.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TokenBinding Binding { get; init; }

    /// <summary>Microseconds since the Unix epoch; set once when the grant is retired, for good.</summary>
    public long? RetiredAt { get; init; }

    /// <summary>Why and by whom it was retired.</summary>
    public StateChange? LastChange { get; init; }

    /// <summary>Microseconds since the Unix epoch at which the grant stops to hold; <see cref="long.MaxValue"/> when it does not end.</summary>
    [JsonIgnore]
    public long EndsAt => Math.Min(RetiredAt ?? long.MaxValue, Expires is { } day ? UnixTime.EndOf(day) : long.MaxValue);
}

/// <summary>
/// A list that is named must be met by the caller (or inside it); a person who is present must be named
/// (<c>*</c> is any person); agents and workflows that are not named may be any or none.
/// </summary>
public sealed record GrantSubjects
{
    /// <summary>Lower-cased e-mail addresses, <c>*</c> stands for anybody.</summary>
    public ImmutableArray<string> Users { get; init; } = [];
    public ImmutableArray<AgentName> Agents { get; init; } = [];
    public ImmutableArray<WorkflowName> Workflows { get; init; } = [];

    /// <summary>The table "who matches a grant" of DESIGN.md section 4. A grant that names nobody matches nobody.</summary>
    public bool Match(Holder holder)
    {
        if (Users.IsEmpty && Agents.IsEmpty && Workflows.IsEmpty) return false;
        if (holder.User is { } user ? !NamesUser(user) : !Users.IsEmpty) return false;
        if (!Agents.IsEmpty && (holder.Agent is not { } agent || !Agents.Contains(agent))) return false;
        return Workflows.IsEmpty || (holder.Workflow is { } workflow && Workflows.Contains(workflow));
    }

    private bool NamesUser(UserEmail user)
    {
        foreach (var named in Users)
            if (named == "*" || string.Equals(named, user.Value, StringComparison.Ordinal)) return true;
        return false;
    }
}

using Symbolon.Admin.Api;

namespace Symbolon.Admin.Access;

/// <summary>A live grant or a live token, with the tools that it opens now.</summary>
public sealed record AccessResponse
{
    /// <summary><c>grant</c>: who is named here may be issued tokens for it; <c>token</c>: its holder can call it now.</summary>
    public required string By { get; init; }

    /// <summary>Name of the grant, or id of the token.</summary>
    public required string Name { get; init; }

    /// <summary>Of a grant: who it is for (<c>*</c> is anybody). Of a token: the person, if one is named.</summary>
    public required IReadOnlyList<string> Users { get; init; }
    public required IReadOnlyList<string> Agents { get; init; }
    public required IReadOnlyList<string> Workflows { get; init; }

    /// <summary>Absent for a grant without an end.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Of a token, some seconds late.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Why it opens nothing at all now, for people, e.g. that its agent is suspended.</summary>
    public string? Blocked { get; init; }
    public required IReadOnlyList<ServerReachResponse> Servers { get; init; }

    /// <summary>All tools together that can be called now, by what they do.</summary>
    public required EffectCountsResponse Effects { get; init; }
}

/// <summary>What it opens of one server.</summary>
public sealed record ServerReachResponse
{
    public required string Name { get; init; }

    /// <summary>Why nothing of it can be called now, for people, e.g. that it is suspended.</summary>
    public string? Blocked { get; init; }

    /// <summary>By name, of the version that serves.</summary>
    public required IReadOnlyList<ToolAccessResponse> Tools { get; init; }

    /// <summary>Names of prompts, <c>*</c> for any; whether the server has them is not known here.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>Patterns of the URIs of resources, <c>*</c> for any.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];
}

/// <param name="Scope">By which scope, e.g. <c>mcp:deploy:@read</c>.</param>
/// <param name="Grant">By which grant.</param>
public sealed record ToolAccessResponse(string Name, string Effect, string Scope, string Grant)
{
    /// <summary>Why it cannot be called now all the same, for people; absent where it can.</summary>
    public string? Blocked { get; init; }

    internal Core.Tools.Effect Class => Core.Tools.Effects.TryParse(Effect, out var effect) ? effect : default;
}

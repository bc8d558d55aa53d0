using Symbolon.Admin.Servers;

namespace Symbolon.Admin.Exchanges;

/// <summary>What one server may exchange the tokens of its calls for: whose calls, at which API, for what.</summary>
public sealed record ExchangeResponse
{
    public required string Server { get; init; }

    /// <summary><c>active</c> or <c>suspended</c>; a server that is suspended exchanges nothing.</summary>
    public required string State { get; init; }

    /// <summary>The API that tokens are for.</summary>
    public required string Audience { get; init; }

    /// <summary>What its own tokens are bound to: <c>key</c>, the one of each instance; or <c>nothing</c>, where a process reads its token from a file, or another authorization server gives them.</summary>
    public required string Binding { get; init; }

    /// <summary>The token endpoint of another authorization server, at which the gateway exchanges for the server; absent where it is ours.</summary>
    public string? At { get; init; }

    /// <summary>What is asked for there; absent where nothing is, and where it is ours.</summary>
    public string? Scope { get; init; }

    /// <summary>All that may be got: what its tools need that serve at this moment, in the smallest form. A call gives what its own tool needs, and of that what its arguments lead to.</summary>
    public required IReadOnlyList<NeedResponse> Needs { get; init; }

    /// <summary>The tools that need anything at the API.</summary>
    public required int ToolCount { get; init; }

    /// <summary>Instances whose keys get tokens; 0 for a server that has none.</summary>
    public required int Instances { get; init; }

    public DateTimeOffset? OldestKeyAt { get; init; }

    /// <summary>By live grants on the server, the first of them by name: whose calls it may exchange.</summary>
    public required IReadOnlyList<ExchangeCallers> Callers { get; init; }

    /// <summary>Live grants that are not among <see cref="Callers"/>.</summary>
    public int MoreGrants { get; init; }
}

/// <summary>Whom a grant lets in. Lists that are not empty must all be met.</summary>
/// <param name="Users">E-mail addresses; <c>*</c> is anybody.</param>
public sealed record ExchangeCallers(string Grant, IReadOnlyList<string> Users, IReadOnlyList<string> Agents, IReadOnlyList<string> Workflows);

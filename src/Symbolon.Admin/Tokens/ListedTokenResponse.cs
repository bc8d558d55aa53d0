using System.Diagnostics.CodeAnalysis;
using Symbolon.Admin.Api;

namespace Symbolon.Admin.Tokens;

/// <summary>A token with what it may call at this moment, and what of that it does not call. One that has ended may call nothing.</summary>
public sealed record ListedTokenResponse : TokenResponse
{
    public ListedTokenResponse() { }

    [SetsRequiredMembers]
    internal ListedTokenResponse(TokenResponse token, IReadOnlyList<TokenToolResponse> tools) : base(token)
    {
        int Count(string effect) => tools.Count(tool => tool.Allowed && tool.Effect == effect);
        ToolCount = tools.Count(tool => tool.Allowed);
        ToolsByEffect = new EffectCountsResponse(Count("read"), Count("write"), Count("irreversible"));
        UnusedTools = new UnusedToolsResponse(tools.Count(tool => tool.Unused == UnusedToolsResponse.NeverCalled), tools.Count(tool => tool.Unused == UnusedToolsResponse.NotLately));
    }

    public required int ToolCount { get; init; }
    public required EffectCountsResponse ToolsByEffect { get; init; }

    /// <summary>Some seconds behind; <c>/tokens/{id}/tools</c> says which they are.</summary>
    public required UnusedToolsResponse UnusedTools { get; init; }
}

/// <summary>Tools that a token may call and does not.</summary>
/// <param name="Never">Never called with it.</param>
/// <param name="NotIn30Days">Called with it once, but not in the last 30 days.</param>
public sealed record UnusedToolsResponse(int Never, int NotIn30Days)
{
    internal const string NeverCalled = "never";
    internal const string NotLately = "not_in_30_days";
    internal const int Days = 30;
}

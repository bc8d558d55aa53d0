namespace Symbolon.Admin.Tokens;

/// <summary>A tool that a token names, by its name or by a class, whether the token may call it at this moment, and whether it does.</summary>
/// <param name="Effect"><c>read</c>, <c>write</c> or <c>irreversible</c>, as the server's approved version says.</param>
/// <param name="Allowed">False when no live grant of the holder allows it any more, holder, server or tool is suspended, or the token has ended.</param>
/// <param name="Calls">Allowed calls by this token, ever; some seconds behind.</param>
/// <param name="LastUsedAt">The last of these calls.</param>
/// <param name="Unused">Of an allowed one: <c>never</c> called with this token, or <c>not_in_30_days</c>; absent where it was.</param>
public sealed record TokenToolResponse(string Server, string Tool, string Effect, bool Allowed, long Calls, DateTimeOffset? LastUsedAt, string? Unused)
{
    /// <summary>Why it cannot be called at this moment, for people; absent where it can.</summary>
    public string? Blocked { get; init; }
}

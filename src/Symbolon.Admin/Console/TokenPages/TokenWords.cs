using Symbolon.Admin.Tokens;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>A holder in a sentence.</summary>
internal static class TokenWords
{
    /// <summary>Who starts what the token does: the workflow, else the agent, else the person.</summary>
    public static string Holder(this TokenResponse token) => token.Workflow ?? token.Agent ?? token.User ?? "nobody";

    /// <summary>With whom and for whom, between commas, or nothing.</summary>
    public static string Beside(string? user, string? agent, string? workflow) => (workflow, agent, user) switch
    {
        ({ }, { } with, { } person) => $", with {with} for {person},",
        ({ }, { } with, null) => $", with {with},",
        (null, null, _) => "",
        (_, _, { } person) => $", for {person},",
        _ => "",
    };
}

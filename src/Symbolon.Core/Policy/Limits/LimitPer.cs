using System.Globalization;
using System.Text;
using Symbolon.Jose;

namespace Symbolon.Core.Policy.Limits;

/// <summary>What a limit is counted apart for; none: all calls together.</summary>
[Flags]
public enum LimitPer
{
    None = 0,
    Token = 1,
    User = 2,
    Agent = 4,
    Workflow = 8,
    Server = 16,
    Tool = 32,
}

/// <summary>Who calls what, as far as limits tell calls apart. Null for what does not take part.</summary>
/// <param name="Token">Its id, never its secret.</param>
/// <param name="Tool">Or the prompt, or the resource.</param>
public readonly record struct LimitFacts(string? Token, string? User, string? Agent, string? Workflow, string? Server, string? Tool);

/// <summary>The key under which a limit counts. The same for the same facts on every node and after every restart: it is in the store.</summary>
public static class LimitKey
{
    /// <summary>Characters; what is longer is a hash.</summary>
    public const int MostLength = 200;

    /// <summary>Calls without a user, for example, are counted together where a limit counts per user.</summary>
    public static string Of(LimitPer per, in LimitFacts facts)
    {
        if (per == LimitPer.None) return "";
        var text = new StringBuilder();
        Add(LimitPer.Token, 't', facts.Token);
        Add(LimitPer.User, 'u', facts.User);
        Add(LimitPer.Agent, 'a', facts.Agent);
        Add(LimitPer.Workflow, 'w', facts.Workflow);
        Add(LimitPer.Server, 's', facts.Server);
        Add(LimitPer.Tool, 'l', facts.Tool);
        if (text.Length <= MostLength) return text.ToString();
        return $"sha256:{Sha256Value.Of(Encoding.UTF8.GetBytes(text.ToString()))}";

        // With its length before it, so that no value can be written to look like two.
        void Add(LimitPer part, char mark, string? value)
        {
            if ((per & part) == 0) return;
            text.Append(mark);
            if (value is not null) text.Append(CultureInfo.InvariantCulture, $"{value.Length}={value}");
            text.Append(';');
        }
    }

    /// <summary>Of the words that files use.</summary>
    /// <returns>False for a word that is none, or that comes twice; <paramref name="error"/> says which.</returns>
    public static bool TryParse(IEnumerable<string> words, out LimitPer per, out string? error)
    {
        (per, error) = (LimitPer.None, null);
        foreach (var word in words)
        {
            var part = word switch
            {
                "token" => LimitPer.Token,
                "user" => LimitPer.User,
                "agent" => LimitPer.Agent,
                "workflow" => LimitPer.Workflow,
                "server" => LimitPer.Server,
                "tool" => LimitPer.Tool,
                _ => LimitPer.None,
            };
            if (part == LimitPer.None) error ??= "per must be of token, user, agent, workflow, server, tool";
            else if ((per & part) != 0) error ??= $"per names {word} twice";
            per |= part;
        }
        return error is null;
    }
}

namespace Symbolon.Core.Tools;

/// <summary>What a tool does to the world behind it. No class includes another. DESIGN.md section 4, Scopes.</summary>
public enum Effect
{
    Read,
    Write,
    Irreversible,
}

/// <summary>What makes a tool delicate beyond its effect. <see cref="Sensitive"/> and <see cref="Executes"/> take it out of every class: it must be named.</summary>
[Flags]
public enum ToolFlags
{
    None = 0,
    Sensitive = 1,
    Executes = 2,
    OpenWorld = 4,
    Financial = 8,
}

public static class Effects
{
    public static string ToText(this Effect effect) => effect switch
    {
        Effect.Read => "read",
        Effect.Write => "write",
        Effect.Irreversible => "irreversible",
        _ => throw new ArgumentOutOfRangeException(nameof(effect), effect, null),
    };

    public static bool TryParse(string? text, out Effect effect)
    {
        (effect, var known) = text switch
        {
            "read" => (Effect.Read, true),
            "write" => (Effect.Write, true),
            "irreversible" => (Effect.Irreversible, true),
            _ => (default, false),
        };
        return known;
    }

    public static bool TryParseFlag(string? text, out ToolFlags flag)
    {
        flag = text switch
        {
            "sensitive" => ToolFlags.Sensitive,
            "executes" => ToolFlags.Executes,
            "open-world" => ToolFlags.OpenWorld,
            "financial" => ToolFlags.Financial,
            _ => ToolFlags.None,
        };
        return flag != ToolFlags.None;
    }

    /// <summary>Tools with these flags are in no effect class and must be named. DESIGN.md section 4, Scopes.</summary>
    public static bool MustBeNamed(this ToolFlags flags) => (flags & (ToolFlags.Sensitive | ToolFlags.Executes)) != 0;

    public static IEnumerable<string> ToTexts(this ToolFlags flags)
    {
        if (flags.HasFlag(ToolFlags.Sensitive)) yield return "sensitive";
        if (flags.HasFlag(ToolFlags.Executes)) yield return "executes";
        if (flags.HasFlag(ToolFlags.OpenWorld)) yield return "open-world";
        if (flags.HasFlag(ToolFlags.Financial)) yield return "financial";
    }
}

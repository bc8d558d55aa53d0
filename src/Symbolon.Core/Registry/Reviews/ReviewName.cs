using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry.Reviews;

/// <summary>The server and the number of its review, from 1: <c>deploy.3</c>.</summary>
public readonly record struct ReviewName(ServerName Server, int Number)
{
    public const string Rule = "the name of a server, a dot and a number, e.g. deploy.3";

    public static bool TryParse([NotNullWhen(true)] string? text, out ReviewName name)
    {
        name = default;
        if (text is null || text.LastIndexOf('.') is var dot && dot < 0) return false;
        if (!ServerName.IsValid(text.AsSpan(0, dot))
            || !int.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0 || text[dot + 1] == '0') return false;
        name = new ReviewName(new ServerName(text[..dot]), number);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Server}.{Number}");
}

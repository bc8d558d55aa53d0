using System.CommandLine;

namespace Symbolon.Cli.Invocation;

/// <summary>What a word that is no command and no option was perhaps meant to be.</summary>
internal static class Nearest
{
    /// <summary>Mistakes that a hand makes: two letters wrong, missing, too many or exchanged.</summary>
    private const int Mistakes = 2;

    /// <returns>The command or option of the closest name, or null where none is close.</returns>
    public static string? To(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens is not [var word, ..]) return null;
        var command = parsed.CommandResult.Command;
        var names = word.StartsWith('-')
            ? command.Options.Concat(Above(command).SelectMany(above => above.Options).Where(option => option.Recursive)).Where(option => !option.Hidden).Select(option => option.Name)
            : command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name);
        return names.Select(name => (Name: name, Distance: Distance(word, name)))
            .Where(found => found.Distance <= Mistakes && found.Distance < found.Name.TrimStart('-').Length - 1)
            .OrderBy(found => found.Distance).ThenByDescending(found => found.Name.Length).ThenBy(found => found.Name, StringComparer.Ordinal).FirstOrDefault().Name;
    }

    private static IEnumerable<Command> Above(Command command) =>
        command.Parents.OfType<Command>().SelectMany(parent => Above(parent).Append(parent));

    /// <summary>Letters to change, add or take away (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }
}

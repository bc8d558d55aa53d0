using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>What a verb says of the tool that it stands in.</summary>
internal enum VerbClass
{
    Read,
    Write,
    Irreversible,

    /// <summary>Runs what the caller brings.</summary>
    Execute,

    /// <summary>Says nothing by itself: an action parameter or a description decides.</summary>
    Anything,
}

/// <param name="Word">The base form.</param>
/// <param name="IsAlsoNoun">Counts only where a verb is expected.</param>
/// <param name="IsThirdPerson">It was met as <c>deletes</c>: said of the tool, not to its caller.</param>
internal sealed record Verb(string Word, VerbClass Class, bool IsAlsoNoun, bool IsThirdPerson = false)
{
    public Effect Effect => Class switch
    {
        VerbClass.Read => Effect.Read,
        VerbClass.Write => Effect.Write,
        _ => Effect.Irreversible,
    };

    public ToolFlags Flags => Class == VerbClass.Execute ? ToolFlags.Executes : ToolFlags.None;
}

/// <summary>The verbs of the rules, found in the forms that names and descriptions use.</summary>
internal sealed class VerbLexicon(FrozenDictionary<string, Verb> verbs)
{
    /// <summary>What makes another form of a word, not two words.</summary>
    private static readonly FrozenSet<string> Endings = FrozenSet.Create(StringComparer.Ordinal, "ing", "able", "ers", "ion", "ions", "ation", "ations", "ment", "ments", "ings");

    public static VerbLexicon Of(IEnumerable<(VerbClass Class, string Word)> words, FrozenSet<string> alsoNouns)
    {
        var verbs = new Dictionary<string, Verb>(StringComparer.Ordinal);
        // Where two classes claim a word, the more dangerous one has it.
        foreach (var (kind, word) in words.OrderByDescending(entry => entry.Class)) verbs.TryAdd(word, new Verb(word, kind, alsoNouns.Contains(word)));
        return new VerbLexicon(verbs.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>The word as a verb in its base form, as in a name.</summary>
    public Verb? Base(string word) => verbs.GetValueOrDefault(word);

    /// <summary>The words, where two that are one verb together (<c>turn off</c>) stand as one.</summary>
    public ImmutableArray<string> Join(ImmutableArray<string> words)
    {
        var joined = ImmutableArray.CreateBuilder<string>(words.Length);
        for (var at = 0; at < words.Length; at++)
        {
            var both = at + 1 < words.Length ? $"{words[at]} {words[at + 1]}" : "";
            var isOne = verbs.ContainsKey(both);
            joined.Add(isOne ? both : words[at]);
            if (isOne) at++;
        }
        return joined.ToImmutable();
    }

    /// <summary>The word as <c>delete</c>, <c>deletes</c> or <c>deleting</c>.</summary>
    public Verb? Any(string word)
    {
        if (verbs.TryGetValue(word, out var verb)) return verb;
        if (word.Length < 4) return null;
        return Third(word) ?? Gerund(word);
    }

    private Verb? Third(string word)
    {
        if (word[^1] != 's') return null;
        var found = verbs.GetValueOrDefault(word[..^1])
            ?? (word.EndsWith("es", StringComparison.Ordinal) ? verbs.GetValueOrDefault(word[..^2]) : null)
            ?? (word.EndsWith("ies", StringComparison.Ordinal) ? verbs.GetValueOrDefault(word[..^3] + "y") : null);
        return found is null ? null : found with { IsThirdPerson = true };
    }

    private Verb? Gerund(string word)
    {
        if (!word.EndsWith("ing", StringComparison.Ordinal) || word.Length < 5) return null;
        var stem = word[..^3];
        return verbs.GetValueOrDefault(stem)
            ?? verbs.GetValueOrDefault(stem + "e")
            ?? (stem.Length > 2 && stem[^1] == stem[^2] ? verbs.GetValueOrDefault(stem[..^1]) : null);
    }

    /// <summary>A verb that a word without separators begins with or ends in, as in <c>deletefile</c> and <c>getdelete</c>. Dangerous ones only: what is uncertain cannot calm.</summary>
    public Verb? Within(string word)
    {
        for (var length = Math.Min(word.Length - 3, 12); length >= 5; length--)
            if (!Endings.Contains(word[length..]) && verbs.TryGetValue(word[..length], out var verb) && !verb.IsAlsoNoun && verb.Class is VerbClass.Write or VerbClass.Irreversible or VerbClass.Execute) return verb;
        for (var length = Math.Min(word.Length - 3, 12); length >= 5; length--)
            if (verbs.TryGetValue(word[^length..], out var last) && last is { IsAlsoNoun: false, Class: VerbClass.Irreversible or VerbClass.Execute }) return last;
        return null;
    }
}

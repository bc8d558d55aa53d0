using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>Reads a file of rules. A member or word that it does not know is an error: a rule that is not in force must not look as if it were.</summary>
internal static class RuleFile
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly string[] Sections =
        ["verbs", "twoWordVerbs", "alsoNouns", "making", "acts", "readNouns", "beforeVerb", "modals", "subjects", "negations", "phrases", "choices", "values", "parameters", "objects", "harmless", "lookAlikes"];
    private static readonly string[] RuleMembers = ["names", "types", "free", "text", "paramText", "unlessText", "unless", "effect", "flags", "why"];

    /// <exception cref="FormatException">Says what is wrong and where.</exception>
    public static AssessmentRules Read(Stream stream)
    {
        using var document = JsonDocument.Parse(stream, Options);
        var root = document.RootElement;
        foreach (var member in root.EnumerateObject()) Known(member.Name, Sections, "the file");
        return new AssessmentRules
        {
            Verbs = VerbLexicon.Of([.. VerbsOf(root, "verbs"), .. VerbsOf(root, "twoWordVerbs")], Words(root, "alsoNouns")),
            Making = Words(root, "making"),
            Acts = Words(root, "acts"),
            ReadNouns = Words(root, "readNouns"),
            BeforeVerb = Words(root, "beforeVerb"),
            Modals = Words(root, "modals"),
            Subjects = Words(root, "subjects"),
            Negations = Words(root, "negations"),
            Destructive = Phrases(root.GetProperty("phrases"), "irreversible"),
            Changing = Phrases(root.GetProperty("phrases"), "write"),
            Orders = Phrases(root.GetProperty("phrases"), "orders"),
            Claims = Phrases(root.GetProperty("phrases"), "claims"),
            Choices = new NamePattern(Texts(root, "choices")),
            Values = ValuesOf(root.GetProperty("values")),
            Parameters = [.. root.GetProperty("parameters").EnumerateArray().Select(RuleOf)],
            Objects = [.. root.GetProperty("objects").EnumerateObject().Select(entry => (FlagOf(entry.Name), new PhraseList(Texts(entry.Value))))],
            Harmless = new PhraseList(Texts(root, "harmless")),
            LookAlikes = LookAlikes.Of(Texts(root, "lookAlikes")),
        };
    }

    private static IEnumerable<(VerbClass, string)> VerbsOf(JsonElement root, string member)
    {
        foreach (var entry in root.GetProperty(member).EnumerateObject())
        {
            if (!Enum.TryParse<VerbClass>(entry.Name, ignoreCase: true, out var kind)) throw new FormatException($"{member}.{entry.Name} is no class of verbs.");
            foreach (var word in Texts(entry.Value).SelectMany(line => member == "verbs" ? line.Split(' ') : [line])) yield return (kind, word);
        }
    }

    private static FrozenDictionary<string, Effect> ValuesOf(JsonElement values) =>
        values.EnumerateObject().SelectMany(entry => Texts(entry.Value).Select(value => (value, Effect: EffectOf(entry.Name))))
            .ToFrozenDictionary(pair => pair.value, pair => pair.Effect, StringComparer.Ordinal);

    private static ParameterRule RuleOf(JsonElement rule)
    {
        foreach (var member in rule.EnumerateObject()) Known(member.Name, RuleMembers, "a parameter's rule");
        var flags = Texts(rule, "flags").Aggregate(ToolFlags.None, (all, text) => all | FlagOf(text));
        return new ParameterRule
        {
            Names = new NamePattern(Texts(rule, "names")),
            Types = [.. Texts(rule, "types")],
            Free = rule.TryGetProperty("free", out var free) && free.GetBoolean(),
            Text = Optional(rule, "text"),
            ParameterText = Optional(rule, "paramText"),
            UnlessText = Optional(rule, "unlessText"),
            Unless = rule.TryGetProperty("unless", out var unless) ? new NamePattern(Texts(unless)) : null,
            Effect = rule.TryGetProperty("effect", out var effect) ? EffectOf(effect.GetString()!) : null,
            Flags = flags,
            Why = rule.GetProperty("why").GetString()!,
        };
    }

    private static PhraseList? Optional(JsonElement rule, string member) => rule.TryGetProperty(member, out var list) ? new PhraseList(Texts(list)) : null;

    private static PhraseList Phrases(JsonElement from, string member) => new(Texts(from, member));

    private static FrozenSet<string> Words(JsonElement root, string member) =>
        Texts(root, member).SelectMany(line => line.Split(' ')).ToFrozenSet(StringComparer.Ordinal);

    private static IEnumerable<string> Texts(JsonElement from, string member) => from.TryGetProperty(member, out var list) ? Texts(list) : [];

    private static IEnumerable<string> Texts(JsonElement list) => list.EnumerateArray().Select(item => item.GetString()!);

    private static Effect EffectOf(string text) => Effects.TryParse(text, out var effect) ? effect : throw new FormatException($"{text} is no effect.");

    private static ToolFlags FlagOf(string text) => Effects.TryParseFlag(text, out var flag) ? flag : throw new FormatException($"{text} is no flag.");

    private static void Known(string name, string[] known, string where)
    {
        if (!known.Contains(name)) throw new FormatException($"{where} has a member {name}, which means nothing.");
    }
}

using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>What an assessment knows, read from a file that an owner can read: <c>rules.jsonc</c> in this folder, part of the assembly.</summary>
internal sealed class AssessmentRules
{
    private static readonly Lazy<AssessmentRules> Shipped = new(() => RuleFile.Read(OpenShipped()));

    /// <summary>The rules of this version.</summary>
    public static AssessmentRules Default => Shipped.Value;

    public required VerbLexicon Verbs { get; init; }
    public required FrozenSet<string> Making { get; init; }
    public required FrozenSet<string> Acts { get; init; }
    public required FrozenSet<string> ReadNouns { get; init; }
    public required FrozenSet<string> BeforeVerb { get; init; }
    public required FrozenSet<string> Modals { get; init; }
    public required FrozenSet<string> Subjects { get; init; }
    public required FrozenSet<string> Negations { get; init; }
    public required PhraseList Destructive { get; init; }
    public required PhraseList Changing { get; init; }
    public required PhraseList Orders { get; init; }
    public required PhraseList Claims { get; init; }
    public required NamePattern Choices { get; init; }
    public required FrozenDictionary<string, Effect> Values { get; init; }
    public required ImmutableArray<ParameterRule> Parameters { get; init; }
    public required ImmutableArray<(ToolFlags Flag, PhraseList Words)> Objects { get; init; }
    public required PhraseList Harmless { get; init; }
    public required LookAlikes LookAlikes { get; init; }

    /// <summary>What the file says of a value of an action parameter, or null.</summary>
    public Effect? ValueOf(string value) => Values.TryGetValue(value, out var effect) ? effect : null;

    /// <summary>The file as it is, comments and all.</summary>
    public static Stream OpenShipped() =>
        typeof(AssessmentRules).Assembly.GetManifestResourceStream("Symbolon.Core.Tools.Assessment.rules.jsonc")
        ?? throw new InvalidOperationException("The rules are not in the assembly.");
}

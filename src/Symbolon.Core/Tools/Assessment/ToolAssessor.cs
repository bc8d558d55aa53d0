using System.Collections.Immutable;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>
/// Assesses tools from name, description and schema. Everything that is found can only raise an effect; annotations and promises never
/// lower one, and what is unclear is the more dangerous class. Time grows with the length of the definition. DESIGN.md section 4, Reviews;
/// ECOSYSTEM.md 0.5.
/// </summary>
public static class ToolAssessor
{
    private const int MostReasons = 12;

    public static ToolAssessment Assess(ListedTool tool) => Assess(tool, AssessmentRules.Default);

    internal static ToolAssessment Assess(ListedTool tool, AssessmentRules rules)
    {
        var name = FoldedText.Of(tool.Name, rules);
        var title = FoldedText.Of(tool.Title, rules);
        var description = FoldedText.Of(tool.Description, rules);
        var parameters = SchemaWalk.Read(tool.InputSchema, rules);
        var action = NameReader.Read(name.Words, rules);
        ImmutableArray<string> said = [.. name.Words, FoldedText.Stop, .. description.FirstSentence];
        var found = ParameterReader.Read(parameters.All, said, action, rules);
        var declared = DeclaredHints.Of(tool.Annotations);
        // Without its promises: "this is read-only" is no verb.
        var sentences = SentenceReader.ReadAll(rules.Claims.CutFrom(description.Words), rules).ToList();

        var readings = new List<Reading> { ActionReader.Read(action, name.Words, sentences.FirstOrDefault(), found.Choice, rules) };
        if (found.Choice is { } choice) readings.Add(choice);
        readings.AddRange(found.Readings);
        readings.AddRange(DescriptionReader.Read(action, description, sentences, rules));
        readings.AddRange(Unread(name, title, description, parameters));
        readings.AddRange(Objects([.. said, FoldedText.Stop, .. title.Words], rules));

        var effect = readings.Max(reading => reading.Effect) ?? Effect.Irreversible;
        // A shell or a terminal in a tool that shows something is only what is shown.
        var counted = readings.Where(reading => reading.Effect is not null || reading.Flags != ToolFlags.Executes || effect != Effect.Read).ToList();
        var flags = counted.Aggregate(ToolFlags.None, (all, reading) => all | reading.Flags);
        if (flags.HasFlag(ToolFlags.Executes)) effect = Effect.Irreversible;

        var why = Reasons(counted, effect);
        if (effect != Effect.Read && rules.Claims.In(description.Words) is { } claim) why = why.Add($"the description's \"{claim}\" is not counted");
        return new ToolAssessment { Name = tool.Name, Effect = effect, Flags = flags, Why = why, Declared = declared, Disagreements = declared.Against(effect, flags) };
    }

    /// <summary>What makes it what it is first, then what adds flags; what says less is left out.</summary>
    private static ImmutableArray<string> Reasons(List<Reading> readings, Effect effect)
    {
        var flags = ToolFlags.None;
        var why = new List<string>();
        foreach (var reading in readings.OrderByDescending(reading => reading.Effect == effect))
        {
            var adds = (reading.Flags & ~flags) != 0;
            if (reading.Effect != effect && !adds) continue;
            var text = reading.Flags == ToolFlags.None ? reading.Why : $"{reading.Why} ({string.Join(", ", reading.Flags.ToTexts())})";
            if (why.Contains(text)) continue;
            if (why.Count < MostReasons || adds) why.Add(text);
            flags |= reading.Flags;
        }
        if (flags.HasFlag(ToolFlags.Executes) && !readings.Any(reading => reading.Effect == effect)) why.Insert(0, "what runs commands can do anything");
        return [.. why];
    }

    private static IEnumerable<Reading> Unread(FoldedText name, FoldedText title, FoldedText description, ParameterList parameters)
    {
        var texts = parameters.All.Select(parameter => parameter.Description).Prepend(description).Prepend(title).Prepend(name).ToList();
        if (texts.Any(text => text.HasHidden)) yield return new Reading(Effect.Write, ToolFlags.None, "its text holds hidden characters, so it is not what it shows");
        if (texts.Any(text => text.HasLookAlikes)) yield return new Reading(Effect.Write, ToolFlags.None, "its text mixes look-alike letters into words");
        if (texts.Any(text => text.IsCut)) yield return new Reading(Effect.Write, ToolFlags.None, $"its text is longer than {FoldedText.MostRead} characters; what is behind that is not read");
        if (!parameters.IsWhole) yield return new Reading(Effect.Write, ToolFlags.None, $"its schema is deeper or larger than {SchemaWalk.MostSchemas} parts; what is behind that is not read");
    }

    private static IEnumerable<Reading> Objects(ImmutableArray<string> said, AssessmentRules rules)
    {
        var words = rules.Harmless.CutFrom(said);
        foreach (var (flag, objects) in rules.Objects)
            if (objects.In(words) is { } found) yield return new Reading(null, flag, $"it is about \"{found}\"");
    }
}

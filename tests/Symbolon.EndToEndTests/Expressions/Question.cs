using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Expressions;

/// <summary>An expression and the world that it is asked in.</summary>
/// <param name="IsChecked">Its types are checked by us before; the other side never does.</param>
internal sealed record Question(Piece Piece, IReadOnlyDictionary<string, Bound> World, bool IsChecked)
{
    private IEnumerable<KeyValuePair<string, Bound>> Used => World.Where(bound => Piece.Free.Contains(bound.Key)).OrderBy(bound => bound.Key, StringComparer.Ordinal);

    public string Line(int id)
    {
        var line = new JsonObject
        {
            ["id"] = id,
            ["expr"] = Piece.ToString(),
            ["bindings"] = new JsonArray([.. Used.Select(bound => new JsonObject { ["key"] = bound.Key, ["value"] = new JsonObject { ["value"] = bound.Value.Value.DeepClone() } })]),
        };
        if (IsChecked) line["type_env"] = new JsonArray([.. Used.Select(bound => new JsonObject { ["name"] = bound.Key, ["ident"] = new JsonObject { ["type"] = JsonNode.Parse(bound.Value.Sort.ToJson()) } })]);
        else line["disable_check"] = true;
        return line.ToJsonString();
    }

    public override string ToString() => $"{Piece}{string.Concat(Used.Select(bound => $"\n    {bound.Key} = {bound.Value.Value.ToJsonString()}"))}{(IsChecked ? "" : "\n    (unchecked)")}";

    /// <summary>Both implementations' answers, ours by the built program.</summary>
    public static async Task<List<Answer>> AskAsync(IReadOnlyList<Question> questions)
    {
        if (questions.Count == 0) return [];
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(file, questions.Select((question, i) => question.Line(i)));
            await using var ours = ChildProcess.Start(SymbolonProcess.Program, ["policy", "eval", file]);
            // What it takes from a timestamp it takes from the local time.
            await using var theirs = NodeProgram.Start([NodeProgram.File("cel.mjs"), file], new Dictionary<string, string?> { ["TZ"] = "UTC" });
            var (mine, other) = (await OutcomesAsync(ours, questions.Count), await OutcomesAsync(theirs, questions.Count));
            return [.. questions.Select((question, i) => new Answer(question, mine[i], other[i]))];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<List<Outcome>> OutcomesAsync(ChildProcess process, int count)
    {
        Assert.True(await process.ExitAsync(TimeSpan.FromMinutes(2)) == 0, string.Join('\n', process.Errors));
        var outcomes = process.Output.Select((line, i) =>
        {
            var answer = JsonNode.Parse(line)!;
            Assert.Equal(i, (int)answer["id"]!);
            return Outcome.Of(answer);
        }).ToList();
        Assert.Equal(count, outcomes.Count);
        return outcomes;
    }
}

/// <summary>A variable's kind and value, in the tagged form.</summary>
internal sealed record Bound(Sort Sort, JsonNode Value);

internal sealed record Answer(Question Question, Outcome Ours, Outcome Theirs)
{
    public bool IsSame => Ours.Equals(Theirs);

    public override string ToString() => $"{Question}\n  ours   {Ours}\n  theirs {Theirs}";
}

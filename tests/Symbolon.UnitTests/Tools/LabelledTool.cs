using System.Text.Json;
using Symbolon.Core.Tools;
using Symbolon.Core.Tools.Assessment;
using Symbolon.UnitTests.Architecture;

namespace Symbolon.UnitTests.Tools;

/// <summary>One tool of a recorded list: what readers take it for, what the rules said when they first met these labels, and what they say now.</summary>
internal sealed record LabelledTool
{
    private static readonly string Folder = Repository.Of("tests/data/tool-lists");

    public required string Server { get; init; }
    public required string Name { get; init; }
    public required Effect Effect { get; init; }
    public required ToolFlags Flags { get; init; }

    /// <summary><c>seen</c> by the rules' author, <c>held out</c> from the rules as they were first written, or <c>new</c>: labelled and recorded after that.</summary>
    public required string Part { get; init; }

    /// <summary>The two readers before their differences were settled; null where one has not read the tool.</summary>
    public required (Effect? First, Effect Second) Readers { get; init; }

    /// <summary>A sentence where the readers differed.</summary>
    public required string Settled { get; init; }

    /// <summary>The second reader's few words.</summary>
    public required string Reason { get; init; }
    public required (Effect Effect, ToolFlags Flags) FirstRun { get; init; }
    public required ToolAssessment Assessed { get; init; }

    public static IReadOnlyList<LabelledTool> All { get; } = [.. Read()];

    public static IEnumerable<string> Lists => Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    private static IEnumerable<LabelledTool> Read()
    {
        var reasons = Rows("labels-second.tsv").ToDictionary(cells => (cells[0], cells[1]), cells => cells[4]);
        var firstRun = Rows("assessed-first.tsv").ToDictionary(cells => (cells[0], cells[1]), cells => (EffectOf(cells[2]), FlagsOf(cells[3])));
        foreach (var server in Rows("labels.tsv").GroupBy(cells => cells[0]))
        {
            var assessed = Assess(server.Key);
            foreach (var cells in server)
                yield return new LabelledTool
                {
                    Server = cells[0],
                    Name = cells[1],
                    Effect = EffectOf(cells[2]),
                    Flags = FlagsOf(cells[3]),
                    Part = cells[4],
                    Readers = (cells[5] == "-" ? null : EffectOf(cells[5]), EffectOf(cells[6])),
                    Settled = cells[7],
                    Reason = reasons[(cells[0], cells[1])],
                    FirstRun = firstRun[(cells[0], cells[1])],
                    Assessed = assessed[cells[1]],
                };
        }
    }

    public static Dictionary<string, ToolAssessment> Assess(string server)
    {
        using var list = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, server + ".json")));
        return list.RootElement.GetProperty("tools").EnumerateArray().Select(tool => ToolAssessor.Assess(ListedTool.Of(tool))).ToDictionary(tool => tool.Name);
    }

    private static IEnumerable<string[]> Rows(string file) => File.ReadLines(Path.Combine(Folder, file)).Skip(1).Select(line => line.Split('\t'));

    private static Effect EffectOf(string text) => Effects.TryParse(text, out var effect) ? effect : throw new FormatException($"{text} is no effect.");

    private static ToolFlags FlagsOf(string text) => text is "" or "-" ? ToolFlags.None
        : text.Split(',').Aggregate(ToolFlags.None, (all, one) => Effects.TryParseFlag(one, out var flag) ? all | flag : throw new FormatException($"{one} is no flag."));
}

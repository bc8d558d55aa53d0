using System.Globalization;
using System.Text;
using Symbolon.Core.Tools;

namespace Symbolon.UnitTests.Tools;

/// <summary>The figures of docs/assessment.md and the whole of docs/assessment-table.md, from labels and rules as they are.</summary>
internal static class AssessmentPage
{
    public const string Start = "<!-- figures: generated -->\n", End = "<!-- end of figures -->";
    private const string Anew = "`SYMBOLON_WRITE_DOCS=1 ./test unit`";
    private static readonly ToolFlags[] Flags = [ToolFlags.Sensitive, ToolFlags.Executes, ToolFlags.OpenWorld, ToolFlags.Financial];

    /// <param name="page">docs/assessment.md as it is.</param>
    public static string WithFigures(string page)
    {
        var (start, end) = (page.IndexOf(Start, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        Assert.True(start >= 0 && end > start, "The page has lost the marks that its figures stand between.");
        return page[..(start + Start.Length)] + Figures() + page[end..];
    }

    public static string Table()
    {
        var page = new StringBuilder("""
            # Every tool, as read by hand and as assessed

            Raw input: `tests/data/tool-lists/*.json`. By hand: `labels.tsv` there, with what each of two readers said, and how the labels were made in
            `SOURCES.md`. *Above* and *below*: assessed as more or less dangerous than by hand. Generated; to write it anew:
            `SYMBOLON_WRITE_DOCS=1 ./test unit`.


            """);
        foreach (var server in LabelledTool.All.GroupBy(tool => tool.Server))
        {
            page.Append("## ").Append(server.Key).Append("\n\n| Tool | By hand | Why | Assessed | |\n|---|---|---|---|---|\n");
            foreach (var tool in server)
                page.Append("| `").Append(tool.Name).Append("` | ").Append(Shown(tool.Effect, tool.Flags)).Append(" | ")
                    .Append(tool.Settled.EndsWith('.') ? tool.Settled : tool.Reason).Append(" | ").Append(Shown(tool.Assessed.Effect, tool.Assessed.Flags)).Append(" | ")
                    .Append(tool.Assessed.Effect.CompareTo(tool.Effect) switch { > 0 => "above", < 0 => "**below**", _ => "" }).Append(" |\n");
            page.Append('\n');
        }
        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static string Figures()
    {
        var figures = new StringBuilder("| | tools | first run: equal | above | below | now: equal | above | below |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var part in LabelledTool.All.GroupBy(tool => tool.Part).OrderBy(part => part.Key, StringComparer.Ordinal))
        {
            foreach (var server in part.GroupBy(tool => tool.Server)) Row(figures, $"{server.Key} ({part.Key})", [.. server]);
            Row(figures, $"**all {part.Key}**", [.. part]);
        }
        Row(figures, "**all**", LabelledTool.All);
        figures.Append("\n| flag | by hand | first run: precision | recall | now: precision | recall |\n|---|---|---|---|---|---|\n");
        foreach (var flag in Flags)
            figures.Append("| ").AppendJoin(' ', flag.ToTexts()).Append(" | ").Append(LabelledTool.All.Count(tool => tool.Flags.HasFlag(flag))).Append(" | ")
                .Append(Found(flag, tool => tool.FirstRun.Flags)).Append(" | ").Append(Found(flag, tool => tool.Assessed.Flags)).Append(" |\n");
        return figures.Append("\nGenerated; to write it anew: ").Append(Anew).Append(".\n").ToString();
    }

    private static void Row(StringBuilder to, string name, IReadOnlyList<LabelledTool> tools) =>
        to.Append("| ").Append(name).Append(" | ").Append(tools.Count).Append(" | ").Append(Compared(tools, tool => tool.FirstRun.Effect)).Append(" | ")
            .Append(Compared(tools, tool => tool.Assessed.Effect)).Append(" |\n");

    private static string Compared(IReadOnlyList<LabelledTool> tools, Func<LabelledTool, Effect> assessed) =>
        $"{tools.Count(tool => assessed(tool) == tool.Effect)} | {tools.Count(tool => assessed(tool) > tool.Effect)} | {tools.Count(tool => assessed(tool) < tool.Effect)}";

    private static string Found(ToolFlags flag, Func<LabelledTool, ToolFlags> assessed)
    {
        var said = LabelledTool.All.Count(tool => assessed(tool).HasFlag(flag));
        var right = LabelledTool.All.Count(tool => assessed(tool).HasFlag(flag) && tool.Flags.HasFlag(flag));
        return string.Create(CultureInfo.InvariantCulture, $"{right} of {said} ({Percent(right, said)}) | {right} of {LabelledTool.All.Count(tool => tool.Flags.HasFlag(flag))} ({Percent(right, LabelledTool.All.Count(tool => tool.Flags.HasFlag(flag)))})");
    }

    private static string Percent(int part, int whole) => whole == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0} %");

    private static string Shown(Effect effect, ToolFlags flags) => flags == ToolFlags.None ? effect.ToText() : $"{effect.ToText()} ({string.Join(", ", flags.ToTexts())})";
}

using System.Text.Json;

namespace Symbolon.Cli.Output;

/// <summary>One column: its title, and the text of a row's cell (empty where there is none).</summary>
internal sealed record Column(string Title, Func<JsonElement, string?> Cell)
{
    /// <summary>A member by path, e.g. <c>holder.user</c>; lists are joined with commas.</summary>
    public static Column At(string title, string path) => new(title, row => JsonPath.Text(row, path));
}

/// <summary>Rows under titles: aligned for people, separated by tabs for programs.</summary>
internal static class Table
{
    private const int Gap = 2;

    public static void Write(TextWriter writer, IReadOnlyList<Column> columns, IEnumerable<JsonElement> rows, bool aligned, bool titles, bool coloured = false)
    {
        var lines = rows.Select(row => columns.Select(column => PlainText.OneLine(column.Cell(row) ?? "")).ToArray()).ToList();
        if (titles) lines.Insert(0, [.. columns.Select(column => column.Title)]);
        if (!aligned)
        {
            foreach (var line in lines) writer.Write(string.Join('\t', line) + "\n");
            return;
        }
        var widths = columns.Select((_, i) => lines.Count == 0 ? 0 : lines.Max(line => Width(line[i]))).ToArray();
        for (var row = 0; row < lines.Count; row++)
            writer.Write(string.Concat(lines[row].Select((cell, i) => Shown(row, columns[i], cell) + new string(' ', widths[i] - Width(cell) + Gap))).TrimEnd() + "\n");

        string Shown(int row, Column column, string cell) => !coloured || cell.Length == 0 ? cell : titles && row == 0 ? CellColour.Title(cell) : CellColour.Cell(column.Title, cell);
    }

    private static int Width(string text) => text.EnumerateRunes().Count();
}

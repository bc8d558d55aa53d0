using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Symbolon.Testing;

/// <summary>What one long run did, as docs/reliability.json keeps it.</summary>
public sealed record ReliabilityRow
{
    public required string Run { get; init; }

    /// <summary><c>green</c> or <c>red</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>When it ended, RFC 3339, UTC, whole seconds.</summary>
    public required string At { get; init; }
    public required long Seconds { get; init; }
    public required string Commit { get; init; }
    public required long Seed { get; init; }
    public required SortedDictionary<string, long> Counts { get; init; }
}

/// <summary>docs/reliability.json, the last row of every long run, and docs/reliability.md, which is made from it.</summary>
public static class Reliability
{
    private static readonly Lock Writing = new();
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static string JsonFile => Repo.At("docs", "reliability.json");
    private static string PageFile => Repo.At("docs", "reliability.md");

    /// <summary>The rows on file; none when there is no file.</summary>
    public static IReadOnlyList<ReliabilityRow> Read() =>
        File.Exists(JsonFile) ? JsonSerializer.Deserialize<List<ReliabilityRow>>(File.ReadAllText(JsonFile), Json)! : [];

    /// <summary>Puts a row in the place of the one of the same name, and makes the page anew.</summary>
    public static void Record(ReliabilityRow row)
    {
        lock (Writing)
        {
            List<ReliabilityRow> rows = [.. Read().Where(old => old.Run != row.Run), row];
            rows.Sort((a, b) => string.CompareOrdinal(a.Run, b.Run));
            // One row a line: ./test reads the ages from it.
            File.WriteAllText(JsonFile, $"[\n{string.Join(",\n", rows.Select(each => JsonSerializer.Serialize(each, Json)))}\n]\n");
            File.WriteAllText(PageFile, Page(rows));
        }
    }

    /// <summary>The page for these rows.</summary>
    public static string Page(IReadOnlyList<ReliabilityRow> rows)
    {
        var page = new StringBuilder("# Reliability\n\nThe last long run of each kind (`./test long`). Made from reliability.json; not edited by hand.\n\n");
        page.Append("| run | verdict | at | minutes | commit | seed | counts |\n|---|---|---|---|---|---|---|\n");
        foreach (var row in rows)
        {
            var counts = string.Join(", ", row.Counts.Select(each => $"{each.Key} {each.Value}"));
            page.Append(CultureInfo.InvariantCulture,
                $"| {row.Run} | {row.Verdict} | {row.At} | {row.Seconds / 60.0:0.0} | {row.Commit[..Math.Min(10, row.Commit.Length)]} | {row.Seed} | {counts} |\n");
        }
        return page.ToString();
    }
}

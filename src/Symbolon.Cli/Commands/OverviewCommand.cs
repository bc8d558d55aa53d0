using System.CommandLine;
using System.Text.Json;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon overview</c>: what the console's first page says.</summary>
internal static class OverviewCommand
{
    public static Command Build(Outside outside)
    {
        var period = new Option<string?>("--period") { Description = "24h (default), 7d or 30d", HelpName = "PERIOD" };
        return new Command("overview", "What was decided, and how tokens, servers, nodes and the audit are") { period }.Does(outside, async run =>
        {
            var found = await run.Client.GetAsync("overview" + Query.Of(("period", run.Value(period))), run.Cancellation);
            if (run.Screen.Format != OutputFormat.Table)
            {
                run.Screen.ShowWhole(found);
                return;
            }
            run.Screen.Show(JsonSerializer.SerializeToElement(Rows(found).Select(row => new Dictionary<string, string?> { ["what"] = row.What, ["value"] = row.Value, ["note"] = row.Note })),
                Column.At("WHAT", "what"), Column.At("COUNT", "value"), Column.At("NOTE", "note"));
        });
    }

    private static IEnumerable<(string What, string? Value, string? Note)> Rows(JsonElement found)
    {
        string? At(string path) => JsonPath.Text(found, path);
        yield return ($"calls allowed in {At("period")}", At("decisions.allowed"), $"{At("decisions.allowedBefore")} in the time before");
        yield return ($"requests refused in {At("period")}", At("decisions.refused"), $"{At("decisions.refusedBefore")} in the time before");
        foreach (var reason in JsonPath.Find(found, "decisions.reasons")?.EnumerateArray() ?? default)
            yield return ($"  {JsonPath.Text(reason, "code")}", JsonPath.Text(reason, "count"), $"{JsonPath.Text(reason, "before")} in the time before");
        yield return ("tokens live", At("tokens.live"), $"{At("tokens.expiring")} end within {At("tokens.expiringDays")} days, {At("tokens.neverUsed")} were never used");
        yield return ("servers active", At("servers.active"), $"{At("servers.pending")} pending, {At("servers.suspended")} suspended, {At("servers.attention")} to look at; {At("servers.unusedTools")} tools were not called in 30 days");
        foreach (var node in JsonPath.Find(found, "nodes")?.EnumerateArray() ?? default)
            yield return ($"node {JsonPath.Text(node, "node")}", null, JsonPath.Text(node, "behind") is "0" ? "current" : $"{JsonPath.Text(node, "behind")} changes behind");
        yield return ("audit records", At("audit.head"), $"counted to {At("audit.countedTo")}, in {At("store")}");
        yield return ("audit verified to", At("audit.verification.verifiedTo"), At("audit.verification.state") switch
        {
            "verified" => $"by this node, {At("audit.verification.finishedAt")}",
            "never" => "not since this node started",
            "running" => $"under way, to record {At("audit.verification.of")}",
            var state => $"{state}: {At("audit.verification.fault")}",
        });
    }
}

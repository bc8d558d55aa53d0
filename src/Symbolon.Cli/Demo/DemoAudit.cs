using System.Text.Json;
using Symbolon.Cli.Auditing;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Demo;

/// <summary>Shows what the audit has of the show, and recomputes its chain.</summary>
internal sealed class DemoAudit(DemoStage stage, Narrator narrator)
{
    private static readonly Column[] Columns =
    [
        Column.At("KIND", "event.kind"), Column.At("USER", "event.user"), Column.At("AGENT", "event.agent"), Column.At("SERVER", "event.server"),
        Column.At("TOOL", "event.tool"), new("DECISION", Decision), Column.At("CODE", "event.code"), Column.At("RULE", "event.rule"), Column.At("OBSERVED", "event.observed"), Column.At("OUTCOME", "event.outcome"),
    ];

    /// <param name="token">Id of the token that the calls were made with.</param>
    public async Task ShowAsync(string token, CancellationToken cancellation)
    {
        narrator.Title("The audit has every call, allowed or refused, with who and through which agent");
        var records = await stage.Admin.ListAsync($"audit?token={token}&order=asc", 1000, cancellation);
        var table = new StringWriter();
        Table.Write(table, Columns, records.EnumerateArray(), aligned: true, titles: true);
        foreach (var line in table.ToString().TrimEnd('\n').Split('\n')) narrator.Say(line);

        narrator.Check(Count(records, "call_outcome", "get_order", "completed") == 1, "the read with its outcome");
        narrator.Check(Count(records, "call_intent", "cancel_order", null) == 2 && Count(records, "call_outcome", "cancel_order", null) == 2, "each write with its intent and its outcome");
        narrator.Check(Refused(records, "delete_customer", "not_granted") && Refused(records, "find_customer", "insufficient_scope"), "the refusals for want of a grant and of a scope, with their reasons");
        narrator.Check(
            records.EnumerateArray().Any(record => JsonPath.Text(record, "event.code") == "denied_by_policy" && JsonPath.Text(record, "event.rule") == DemoPolicies.Denying),
            $"the refusal by the policy, with the rule {DemoPolicies.Denying}");
        narrator.Check(
            records.EnumerateArray().Any(record => JsonPath.Text(record, "event.tool") == "cancel_order" && JsonPath.Text(record, "event.observed") == DemoPolicies.Observed && JsonPath.Text(record, "event.allowed") == "yes"),
            $"and what the rule that only observes would have done: {DemoPolicies.Observed}");
        narrator.Check(records.EnumerateArray().Any(record => JsonPath.Text(record, "event.kind") == "revocation"), "the revocation");

        var report = await ServerChain.VerifyAsync(stage.Admin, null, cancellation);
        narrator.Check(report.Verdict == ChainVerdict.Verified, report.Message, report.Message);
    }

    private static string? Decision(JsonElement record) => JsonPath.Text(record, "event.allowed") switch { "yes" => "allowed", "no" => "refused", _ => null };

    private static int Count(JsonElement records, string kind, string tool, string? outcome) => records.EnumerateArray().Count(record =>
        JsonPath.Text(record, "event.kind") == kind && JsonPath.Text(record, "event.tool") == tool && (outcome is null || JsonPath.Text(record, "event.outcome") == outcome));

    private static bool Refused(JsonElement records, string tool, string code) => records.EnumerateArray().Any(record =>
        JsonPath.Text(record, "event.tool") == tool && JsonPath.Text(record, "event.code") == code && JsonPath.Text(record, "event.allowed") == "no");
}

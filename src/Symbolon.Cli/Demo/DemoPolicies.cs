using System.Text.Json.Nodes;
using Symbolon.Admin.Apply;
using Symbolon.Cli.Files;

namespace Symbolon.Cli.Demo;

/// <summary>A policy in a file decides calls by their arguments: one goes through, one is refused by a rule, and one goes on though a rule that only observes is against it.</summary>
internal sealed class DemoPolicies(DemoStage stage, Narrator narrator)
{
    /// <summary><c>policy/rule</c>, as records name it.</summary>
    public const string Denying = "orders/large-orders";

    /// <summary>What records say of the rule that only observes.</summary>
    public const string Observed = "orders/cancellations:deny";

    private const string Policy = """
        apiVersion: symbolon/v1
        kind: Policy
        metadata: { name: orders }
        spec:
          rules:
            - name: large-orders
              servers: [orders]
              tools: [add_order]
              when: has(args.quantity) && args.quantity > 100
              decision: deny
              message: Ask the warehouse first.
            - name: cancellations
              servers: [orders]
              tools: [cancel_order]
              decision: deny
              mode: observe
          tests:
            - { server: orders, tool: add_order, args: { customer: 1, article: ring, quantity: 101 }, expect: deny, rule: large-orders }
            - { server: orders, tool: add_order, args: { customer: 1, article: ring, quantity: 100 }, expect: allow }

        """;

    public async Task ShowAsync(GatewayCaller caller, CancellationToken cancellation)
    {
        narrator.Title("A policy decides calls by their arguments");
        var file = Path.Combine(stage.Folder, "policy.yaml");
        await File.WriteAllTextAsync(file, Policy, cancellation);
        foreach (var line in Policy.TrimEnd().Split('\n')) narrator.Say(line);
        var reading = await SourceFiles.ReadAsync([file], Stream.Null, cancellation);
        var applied = await stage.Admin.PostAsync("apply", new ApplyRequest { Documents = [.. reading.Documents.Select(document => document.Json)], Reason = "demo" }, cancellation);
        narrator.Check(applied.GetArrayLength() == 1, "it is applied: its conditions fit the tools, and its own tests pass");

        var added = await AddAsync(caller, 2, cancellation);
        narrator.Check(added.Succeeded, "add_order with a quantity of 2 is done", added.ToString());
        var refused = await AddAsync(caller, 101, cancellation);
        narrator.Check(refused.Refusal == "denied_by_policy", $"with one of 101 it is refused by the rule {Denying} (denied_by_policy)", refused.ToString());
        narrator.Say(refused.Text);
        var order = JsonNode.Parse(added.Text)?["id"]?.DeepClone();
        var cancelled = await caller.CallAsync("orders", "cancel_order", new JsonObject { ["id"] = order }, cancellation);
        narrator.Check(cancelled.Succeeded, "cancel_order is done: the rule that would deny it only observes, to be tried before it bites", cancelled.ToString());
    }

    private static Task<CallAnswer> AddAsync(GatewayCaller caller, int quantity, CancellationToken cancellation) =>
        caller.CallAsync("orders", "add_order", new JsonObject { ["customer"] = 1, ["article"] = "ring", ["quantity"] = quantity }, cancellation);
}

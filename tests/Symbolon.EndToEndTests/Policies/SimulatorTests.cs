using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Policies;

/// <summary>What the simulator says of a call is what the call gets and what is recorded of it.</summary>
[Trait("area", "policy")]
public sealed class SimulatorTests
{
    private const int Calls = 1000;
    private const string Address = "127.0.0.1";

    /// <summary>What rules take out of results, and how it looks where they do not.</summary>
    private static readonly (string Path, string Shown)[] Takeable = [("secret", "\"secret\":\"s\""), ("card.number", "\"number\":\"4\"")];

    [Fact]
    public async Task Of_a_thousand_generated_calls_the_simulator_the_gateway_and_the_audit_say_the_same()
    {
        await using var upstream = new EchoUpstream();
        await using var symbolon = await SymbolonProcess.StartAsync();
        using var setup = new Setup(symbolon);
        using var wire = new McpWire(symbolon.Url);
        await ServersAsync(setup, upstream);
        var tokens = new List<(string Id, string Secret)>();
        foreach (var holder in PolicySet.Holders) tokens.Add(await TokenAsync(setup, holder, tokens.Count));
        await ApplyAsync(symbolon, PolicySet.Rules);

        var generated = new GeneratedCalls(seed: 20261123, PolicySet.Holders.Length);
        var sensitive = new HashSet<int>();
        var came = new List<(string Trace, Outcome Simulated, Outcome Got, string What)>();
        for (var i = 0; i < Calls; i++)
        {
            if (i == Calls / 2) await ApplyAsync(symbolon, PolicySet.DefaultDeny);
            var call = generated.Next();
            var token = tokens[call.Holder];
            var simulated = await SimulateAsync(setup, call, i % 2 == 0 ? token.Id : null, sensitive.Contains(call.Holder));
            var trace = string.Create(CultureInfo.InvariantCulture, $"{i + 1:x32}");
            var got = await CallAsync(wire, call, token.Secret, trace);
            if (call.Name == "read_note" && got.Decision == "allow") sensitive.Add(call.Holder);
            came.Add((trace, simulated, got, $"{call} by {PolicySet.Holders[call.Holder]}"));
        }

        var recorded = await RecordedAsync(setup);
        var wrong = came.SelectMany(each => Differences(each.Simulated, each.Got, recorded.GetValueOrDefault(each.Trace), each.What)).ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} differences, such as\n{string.Join('\n', wrong.Take(20))}");
        // Every rule that can refuse refused some, so that what agrees is not silence.
        var rules = came.Where(each => each.Got.Rule is not null).GroupBy(each => (each.Got.Code, each.Got.Rule)).ToDictionary(group => group.Key, group => group.Count());
        string[] denying = ["amounts/large", "amounts/odd", "amounts/known", "anything/wipes", "anything/nights", "anything/near", "features/plans", "features/secrets", "grants/second", "texts/sharp", "texts/after-notes", "closed/default"];
        Assert.All(denying, rule => Assert.True(rules.GetValueOrDefault(("denied_by_policy", rule)) > 0, $"{rule} denied nothing"));
        Assert.All((string[])["amounts/large", "texts/sharp", "limits/paid"], rule => Assert.True(rules.GetValueOrDefault(("policy_error", rule)) > 0, $"{rule} failed for nothing"));
        Assert.InRange(came.Count(each => each.Got.Decision == "allow"), Calls / 5, Calls);
        Assert.All((string[])["taken", "said"], header => Assert.Contains(came, each => each.Got.Header == header));
    }

    private static IEnumerable<string> Differences(Outcome simulated, Outcome got, Outcome? recorded, string what)
    {
        // A client is told neither what is observed nor which rule allowed it.
        if (simulated with { Observed = "", Rule = simulated.Code is null ? null : simulated.Rule } != got) yield return $"{what}\n  simulated {simulated}\n  got       {got}";
        if (recorded is null) yield return $"{what}\n  no record";
        // Of duties the record says nothing.
        else if (simulated with { Header = "", Redacted = "" } != recorded) yield return $"{what}\n  simulated {simulated}\n  recorded  {recorded}";
    }

    private static async Task<Outcome> SimulateAsync(Setup setup, GeneratedCall call, string? token, bool isSensitive)
    {
        var asked = new JsonObject { ["server"] = call.Server, [call.Kind] = call.Name };
        if (isSensitive) asked["session"] = new JsonObject { ["flags"] = new JsonArray("sensitive") };
        var (user, agent, workflow) = PolicySet.Holders[call.Holder];
        if (token is null)
        {
            if (user is not null) asked["subject"] = new JsonObject { ["user"] = user };
            if (agent is not null) asked["agent"] = agent;
            if (workflow is not null) asked["workflow"] = workflow;
        }
        // As text: what reads and writes numbers would change them.
        var body = $"{asked.ToJsonString()[..^1]}{(call.Arguments is null ? "" : $",\"args\":{call.Arguments}")}}}";
        var (status, text) = await setup.Api.SendAsync(HttpMethod.Post, "/policies/simulate", $$"""{"call":{{body}},"ip":"{{Address}}"{{(token is null ? "" : $",\"token\":\"{token}\"")}}}""");
        if (status != HttpStatusCode.OK) return new Outcome($"{(int)status} {text}", null, null, "", "", "");
        var answer = JsonNode.Parse(text)!;
        var duties = answer["demands"]!.AsArray().Select(demand => demand!["rule"]!).Where(rule => rule["obligations"] is not null && (string?)rule["mode"] != "observe").Select(rule => rule["obligations"]!).ToList();
        var isTool = call.Kind == "tool";
        return new Outcome((string)answer["decision"]!, (string?)answer["code"], (string?)answer["rule"], string.Join(' ', answer["observed"]!.AsArray()),
            isTool ? duties.Select(duty => (string?)duty["headers"]?["X-Rule"]).FirstOrDefault(header => header is not null) ?? "" : "",
            isTool ? string.Join(' ', duties.SelectMany(duty => duty["redact"]?.AsArray() ?? []).Select(path => (string)path!)) : "");
    }

    private static async Task<Outcome> CallAsync(McpWire wire, GeneratedCall call, string secret, string trace)
    {
        var method = call.Kind switch { "tool" => "tools/call", "prompt" => "prompts/get", _ => "resources/read" };
        var named = $"\"{(call.Kind == "resource" ? "uri" : "name")}\":\"{call.Name}\"";
        var meta = $"{McpText.Meta[..^1]},\"traceparent\":\"00-{trace}-00f067aa0ba902b7-01\"}}";
        var arguments = call.Arguments is null ? "" : $",\"arguments\":{call.Arguments}";
        var body = $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"{method}\",\"params\":{{{named}{arguments},\"_meta\":{meta}}}}}";
        var answer = await wire.PostAsync($"/t/mcp/{call.Server}", secret, body, McpWire.Modern(method, call.Name));
        var message = answer.Message;
        if (answer.Reason is { } code) return new Outcome("deny", code, (string?)(message["result"]?["_meta"]?["symbolon/refusal"] ?? message["error"]?["data"])?["rule"], "", "", "");
        if (message["result"] is not { } result) return new Outcome(answer.Text, null, null, "", "", "");
        var content = result["structuredContent"];
        var shown = content?.ToJsonString();
        return new Outcome("allow", null, null, "", (string?)content?["rule"] ?? "", shown is null ? "" : string.Join(' ', Takeable.Where(each => !shown.Contains(each.Shown, StringComparison.Ordinal)).Select(each => each.Path)));
    }

    private static async Task<Dictionary<string, Outcome>> RecordedAsync(Setup setup)
    {
        var found = new Dictionary<string, Outcome>(StringComparer.Ordinal);
        for (var after = 0L; ;)
        {
            var records = (await setup.Api.GetAsync($"/audit?order=asc&limit=200&kind=call_intent&after={after}")).AsArray();
            if (records.Count == 0) return found;
            foreach (var record in records.Select(record => record!["event"]!))
                found[(string)record["trace"]!] = new Outcome((bool)record["allowed"]! ? "allow" : "deny", (string?)record["code"], (string?)record["rule"], (string?)record["observed"] ?? "", "", "");
            after = (long)records[^1]!["seq"]!;
        }
    }

    private static async Task ServersAsync(Setup setup, EchoUpstream upstream)
    {
        await setup.ServerAsync("payments", upstream.UrlOf("payments"), document =>
        {
            document["metadata"]!["labels"] = new JsonObject { ["env"] = "prod" };
            Effects(document, ("refund", "write"), ("balance", "read"), ("purge", "irreversible"));
        });
        await setup.ServerAsync("notes", upstream.UrlOf("notes"), document => Effects(document, ("read_note", "read"), ("send", "write")));
        await setup.ServerAsync("files", upstream.UrlOf("files"), document => Effects(document, ("stat", "read")));
    }

    private static void Effects(JsonObject document, params (string Tool, string Effect)[] tools)
    {
        foreach (var tool in document["spec"]!["tools"]!.AsArray())
        {
            tool!["effect"] = tools.First(each => each.Tool == (string)tool["name"]!).Effect;
            tool["flags"] = (string)tool["name"]! == "read_note" ? new JsonArray("sensitive") : [];
        }
    }

    private static async Task<(string Id, string Secret)> TokenAsync(Setup setup, (string? User, string? Agent, string? Workflow) holder, int number)
    {
        var to = new JsonObject();
        var documents = new List<JsonNode>();
        if (holder.User is { } user) to["users"] = new JsonArray(user);
        foreach (var (kind, list, name) in new[] { ("Agent", "agents", holder.Agent), ("Workflow", "workflows", holder.Workflow) })
        {
            if (name is null) continue;
            to[list] = new JsonArray(name);
            documents.Add(new JsonObject { ["apiVersion"] = "symbolon/v1", ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name, ["owner"] = "owner@example.com" }, ["spec"] = new JsonObject() });
        }
        string[] servers = ["payments", "notes", "files"];
        var access = servers.Select(server => (JsonNode)new JsonObject
        {
            ["name"] = server, ["effects"] = new JsonArray("read", "write", "irreversible"), ["tools"] = server == "notes" ? new JsonArray("read_note") : [],
            ["prompts"] = server == "files" ? new JsonArray("*") : [], ["resources"] = server == "files" ? new JsonArray("*") : [],
        });
        documents.Add(new JsonObject
        {
            ["apiVersion"] = "symbolon/v1", ["kind"] = "Grant", ["metadata"] = new JsonObject { ["name"] = string.Create(CultureInfo.InvariantCulture, $"grant-{number}") },
            ["spec"] = new JsonObject { ["to"] = to, ["servers"] = new JsonArray([.. access]) },
        });
        await setup.Api.ApplyAsync([.. documents]);
        var answer = await setup.Api.PostAsync("/tokens", new JsonObject
        {
            ["user"] = holder.User, ["agent"] = holder.Agent, ["workflow"] = holder.Workflow, ["ttl"] = "1h",
            ["servers"] = new JsonArray([.. servers.Select(server => (JsonNode)new JsonObject { ["name"] = server, ["all"] = true })]),
        });
        return ((string)answer["id"]!, (string)answer["token"]!);
    }

    private static async Task ApplyAsync(SymbolonProcess symbolon, string policies)
    {
        var file = Path.Combine(symbolon.Folder, "policies.yaml");
        await File.WriteAllTextAsync(file, policies);
        (await symbolon.RunAsync("apply", "-f", file)).Expect();
    }

    /// <summary>What became of a call.</summary>
    /// <param name="Rule">That decided.</param>
    /// <param name="Header">The one that a rule adds.</param>
    private sealed record Outcome(string Decision, string? Code, string? Rule, string Observed, string Header, string Redacted);
}

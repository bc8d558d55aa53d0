using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Admin.Apply;
using Symbolon.Admin.Revocations;
using Symbolon.Admin.Tokens;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Demo;

/// <summary>
/// The main job from end to end with real calls, each checked: register, approve, grant, issue, list, call, refuse, a policy, revoke, review, a server with a key of its own, audit.
/// </summary>
internal sealed class DemoShow(DemoStage stage, Narrator narrator, HttpClient http, TimeProvider clock)
{
    private const string Alice = "alice@example.com";
    private const string Agent = "claude-code";
    private static readonly string[] Reached = ["add_order", "cancel_order", "get_order", "list_orders"];

    public async Task RunAsync(CancellationToken cancellation)
    {
        await new DemoServers(stage, narrator, clock).RegisterAsync(cancellation);
        await GrantAsync(cancellation);
        var (id, token) = await IssueAsync("Alice gets a token for what she needs today, no more", cancellation);
        var caller = new GatewayCaller(http, stage.Gateway, token);
        await ListAsync(caller, cancellation);
        await CallAsync(caller, cancellation);
        await RefuseAsync(caller, cancellation);
        await new DemoPolicies(stage, narrator).ShowAsync(caller, cancellation);
        await RevokeAsync(id, caller, cancellation);
        await new DemoReviews(stage, narrator, http, clock).ShowAsync(cancellation);
        await new DemoCredentials(stage, narrator, http, clock).ShowAsync(cancellation);
        await new DemoAudit(stage, narrator).ShowAsync(id, cancellation);
    }

    /// <summary>A token like the first, for who wants to try it by hand.</summary>
    public async Task<string> IssueFreshAsync(CancellationToken cancellation) =>
        (await IssueAsync("A fresh token to try it yourself", cancellation)).Secret;

    private async Task GrantAsync(CancellationToken cancellation)
    {
        narrator.Title("An agent, and a grant for it and Alice together");
        var agent = new JsonObject
        {
            ["apiVersion"] = "symbolon/v1",
            ["kind"] = "Agent",
            ["metadata"] = new JsonObject { ["name"] = Agent, ["owner"] = Alice },
        };
        var grant = new JsonObject
        {
            ["apiVersion"] = "symbolon/v1",
            ["kind"] = "Grant",
            ["metadata"] = new JsonObject { ["name"] = "alice-orders" },
            ["spec"] = new JsonObject
            {
                ["to"] = new JsonObject { ["users"] = new JsonArray(Alice), ["agents"] = new JsonArray(Agent) },
                ["servers"] = new JsonArray(
                    // Customers are personal data: their tool is flagged sensitive, is in no class, and has to be named.
                    new JsonObject { ["name"] = "orders", ["tools"] = new JsonArray("add_order", "cancel_order", "find_customer"), ["effects"] = new JsonArray("read") },
                    new JsonObject { ["name"] = "clock", ["effects"] = new JsonArray("read") }),
                ["tokens"] = new JsonObject { ["maxTtl"] = "8h" },
            },
        };
        var applied = await stage.Admin.PostAsync("apply", new ApplyRequest { Documents = [Element(agent), Element(grant)] }, cancellation);
        narrator.Check(applied.GetArrayLength() == 2, $"{Agent} may read orders and the clock, add and cancel orders and find customers, while it works for {Alice}");
    }

    private async Task<(string Id, string Secret)> IssueAsync(string title, CancellationToken cancellation)
    {
        narrator.Title(title);
        var issued = await stage.Admin.PostAsync("tokens", new IssueTokenRequest
        {
            User = Alice,
            Agent = Agent,
            Servers = [new ServerAccessRequest { Name = "orders", Tools = Reached }, new ServerAccessRequest { Name = "clock", Effects = ["read"] }],
            Ttl = "1h",
        }, cancellation);
        var id = JsonPath.Text(issued, "id") ?? "";
        narrator.Check(JsonPath.Text(issued, "token")?.StartsWith("sym_usr_", StringComparison.Ordinal) == true, $"token {id}, for {Alice} through {Agent}, for one hour");
        return (id, JsonPath.Text(issued, "token")!);
    }

    private async Task ListAsync(GatewayCaller caller, CancellationToken cancellation)
    {
        narrator.Title("The agent asks for the tools, and sees only what the token may call");
        var (status, tools) = await caller.ListAsync("orders", cancellation);
        narrator.Check(status == HttpStatusCode.OK && tools.SequenceEqual(Reached), $"4 of the 6 tools of orders: {string.Join(", ", Reached)}", $"HTTP {(int)status}: {string.Join(", ", tools)}");
    }

    private async Task CallAsync(GatewayCaller caller, CancellationToken cancellation)
    {
        narrator.Title("Calls that the token allows");
        var read = await caller.CallAsync("orders", "get_order", new JsonObject { ["id"] = 1002 }, cancellation);
        narrator.Check(read.Succeeded && read.Text.Contains("Clay tile", StringComparison.Ordinal), "get_order 1002 is answered", read.ToString());
        narrator.Say(read.Text);
        var written = await caller.CallAsync("orders", "cancel_order", new JsonObject { ["id"] = 1003 }, cancellation);
        // A folder that was used before has it cancelled already; then the shop itself says so.
        var cancelled = written.Succeeded || written.Text.Contains("no open order", StringComparison.Ordinal);
        narrator.Check(cancelled && written.Refusal is null, "cancel_order 1003 is done, after its intent was on disk", written.ToString());
        var time = await caller.CallAsync("clock", "now", [], cancellation);
        narrator.Check(time.Succeeded, $"now on clock says {time.Text}", time.ToString());
    }

    private async Task RefuseAsync(GatewayCaller caller, CancellationToken cancellation)
    {
        narrator.Title("Calls that it does not allow never reach the server");
        var deleted = await caller.CallAsync("orders", "delete_customer", new JsonObject { ["id"] = 1 }, cancellation);
        narrator.Check(deleted.Refusal == "not_granted", "delete_customer 1 is refused: no grant has it (not_granted)", deleted.ToString());
        narrator.Say(deleted.Text);
        var found = await caller.CallAsync("orders", "find_customer", new JsonObject { ["text"] = "ada" }, cancellation);
        narrator.Check(found.Refusal == "insufficient_scope", "find_customer is refused: a grant has it, but this token was issued without it (insufficient_scope)", found.ToString());
        var orders = await caller.CallAsync("orders", "list_orders", [], cancellation);
        narrator.Check(orders.Succeeded && orders.Text.Contains("Ada Byron", StringComparison.Ordinal), "the customer and her orders are still there", orders.ToString());
    }

    private async Task RevokeAsync(string id, GatewayCaller caller, CancellationToken cancellation)
    {
        narrator.Title("The token is revoked");
        var began = clock.GetTimestamp();
        var revoked = await stage.Admin.PostAsync<RevocationResponse>("revocations", new RevocationRequest { Token = id, Reason = "end of the demo" }, cancellation);
        narrator.Check(revoked.UnconfirmedNodes.Count == 0, $"it is durable, and every node knows it, after {clock.GetElapsedTime(began).TotalMilliseconds:0} ms", string.Join(", ", revoked.UnconfirmedNodes));
        var refused = await caller.CallAsync("orders", "get_order", new JsonObject { ["id"] = 1002 }, cancellation);
        narrator.Check(refused.Status == HttpStatusCode.Unauthorized, "the next call with it is answered 401", refused.ToString());
        var (status, _) = await caller.ListAsync("clock", cancellation);
        narrator.Check(status == HttpStatusCode.Unauthorized, "and so is a list from the other server", $"HTTP {(int)status}");
    }

    private static JsonElement Element(JsonObject json) => JsonSerializer.SerializeToElement(json);
}

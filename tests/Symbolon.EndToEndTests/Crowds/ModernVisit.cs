using System.Text.Json.Nodes;
using Symbolon.Testing.Mcp;

namespace Symbolon.EndToEndTests.Crowds;

/// <summary>Requests of 2026-07-28: each on its own, cancelled by leaving, with questions that end a call and are brought back to it.</summary>
internal sealed class ModernVisit(CrowdWire wire, CrowdSeat seat, Random random, CrowdTally tally) : CrowdVisit(wire, seat, random, tally)
{
    public async Task RunAsync(Func<Task> think)
    {
        for (var step = Random.Next(3, 9); step > 0; step--)
        {
            await StepAsync();
            await think();
        }
    }

    private Task StepAsync() => Random.Next(9) switch
    {
        0 => ListAsync(),
        1 => ReadAsync(),
        2 => AskAsync(),
        3 => LeaveAsync(),
        4 => HurryAsync(),
        5 => CallAsync("keep"),
        6 => GetPromptAsync(),
        7 => ListenAsync(),
        _ => CallAsync("say"),
    };

    private async Task ListAsync()
    {
        var id = NextId();
        ExpectTools(await PostAsync(id, "tools/list", null, "{}"), id);
        id = NextId();
        ExpectOwnResource(await PostAsync(id, "resources/list", null, "{}"), id);
    }

    private async Task ReadAsync()
    {
        var id = NextId();
        ExpectContents(await PostAsync(id, "resources/read", Seat.Uri, $$"""{"uri":"{{Seat.Uri}}"}"""), id);
    }

    private async Task GetPromptAsync()
    {
        var id = NextId();
        ExpectPrompt(await PostAsync(id, "prompts/get", CrowdServer.Prompt, PromptOf()), id);
    }

    /// <summary>The server tells of this member's resource and of another one's; whoever has heard of its own leaves.</summary>
    private async Task ListenAsync()
    {
        var id = NextId();
        var told = await PostAsync(id, "subscriptions/listen", null, $$$$"""{"notifications":{"resourceSubscriptions":["{{{{Seat.Uri}}}}"]}}""",
            message => Task.FromResult((string?)message["method"] != "notifications/resources/updated"));
        Tally.Count("modern subscriptions");
        if (told.IsBusy) return;
        foreach (var message in told.Messages)
        {
            if (message["params"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"]?.ToJsonString() != id) Tally.Wrong($"{Seat.Marker}: its subscription {id} told {message.ToJsonString()}");
            else if ((string?)message["params"]!["uri"] == Seat.Uri) Tally.Count("changes told");
        }
        if (told.Messages.Count == 0) Tally.Wrong($"{Seat.Marker}: its subscription {id} told nothing: {(int)told.Status}");
    }

    private async Task CallAsync(string tool)
    {
        var id = NextId();
        var reply = await PostAsync(id, "tools/call", tool, ArgumentsOf(tool));
        if (!Judge(reply, tool, id) && !reply.IsBusy) Tally.Wrong($"{Seat.Marker}: no answer to {tool} {id}");
    }

    private async Task AskAsync()
    {
        var id = NextId();
        var asked = await PostAsync(id, "tools/call", "ask", ArgumentsOf("ask"));
        Tally.Call(Seat.Marker, "calls");
        Expect(asked, "questions", id, result => ((string?)result["inputRequests"]?["q"]?["params"]?["message"])?.Contains(Seat.Marker, StringComparison.Ordinal) == true);
        if ((string?)asked.Result?["requestState"] is not { } state) return;
        id = NextId();
        var again = JsonNode.Parse(ArgumentsOf("ask"))!.AsObject();
        again["inputResponses"] = new JsonObject { ["q"] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject { ["marker"] = Seat.Marker } } };
        again["requestState"] = state;
        var reply = await PostAsync(id, "tools/call", "ask", again.ToJsonString());
        if (!Judge(reply, "ask", id) && !reply.IsBusy) Tally.Wrong($"{Seat.Marker}: no answer to ask {id}");
    }

    private async Task LeaveAsync()
    {
        var id = NextId();
        Judge(await PostAsync(id, "tools/call", "wait", ArgumentsOf("wait"), _ => Task.FromResult(false)), "wait", id);
    }

    private async Task HurryAsync()
    {
        var (id, tool) = (NextId(), Random.Next(2) == 0 ? "say" : "keep");
        using var hurry = Hurry();
        Judge(await PostAsync(id, "tools/call", tool, ArgumentsOf(tool), leave: hurry.Token), tool, id);
    }

    private Task<CrowdReply> PostAsync(string id, string method, string? name, string parameters, Func<JsonNode, Task<bool>>? seen = null, CancellationToken leave = default)
    {
        var body = JsonNode.Parse(parameters)!.AsObject();
        body["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = McpText.Modern,
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject { ["elicitation"] = new JsonObject { ["form"] = new JsonObject() } },
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "crowd", ["version"] = "1" },
            ["progressToken"] = JsonNode.Parse(id),
        };
        var message = $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{body.ToJsonString()}}}""";
        return Wire.SendAsync(HttpMethod.Post, Crowd, message, McpWire.Modern(method, name), seen, leave);
    }
}

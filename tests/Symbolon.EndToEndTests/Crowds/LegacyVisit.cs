using System.Text.Json.Nodes;

namespace Symbolon.EndToEndTests.Crowds;

/// <summary>A session of 2025-11-25: with a stream of its own, answers that are fetched later, and a server that asks back.</summary>
internal sealed class LegacyVisit(CrowdWire wire, CrowdSeat seat, Random random, CrowdTally tally) : CrowdVisit(wire, seat, random, tally)
{
    private const string Version = "2025-11-25";

    private string session = "";

    public async Task RunAsync(Func<Task> think)
    {
        if (!await OpenAsync()) return;
        using var left = new CancellationTokenSource();
        var stream = Random.Next(2) == 0 ? ListenAsync(left.Token) : Task.CompletedTask;
        for (var step = Random.Next(3, 9); step > 0; step--)
        {
            await StepAsync();
            await think();
        }
        await left.CancelAsync();
        await stream;
        if (Random.Next(2) == 0) await Wire.SendAsync(HttpMethod.Delete, Crowd, null, Headers());
    }

    private Task StepAsync() => Random.Next(10) switch
    {
        0 => ListAsync(),
        1 => ReadAsync(),
        2 => CallAsync("ask", AnswerAsync),
        3 => FetchLaterAsync(),
        4 => LeaveAndComeBackAsync(),
        5 => CancelAsync(),
        6 => HurryAsync(),
        7 => CallAsync("keep"),
        8 => GetPromptAsync(),
        _ => CallAsync("say"),
    };

    private async Task GetPromptAsync()
    {
        var id = NextId();
        ExpectPrompt(await PostAsync(Request(id, "prompts/get", PromptOf())), id);
    }

    private async Task<bool> OpenAsync()
    {
        var id = NextId();
        var reply = await Wire.SendAsync(HttpMethod.Post, Crowd, Request(id, "initialize",
            $$"""{"protocolVersion":"{{Version}}","capabilities":{"elicitation":{"form":{} } },"clientInfo":{"name":"crowd","version":"1"} }"""), []);
        Expect(reply, "sessions", id, _ => reply.Session is not null);
        if (reply.Session is null) return false;
        session = reply.Session;
        ExpectAccepted(await PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}"""), "notifications sent");
        return true;
    }

    /// <summary>The server tells of this member's resource and of another one's.</summary>
    private async Task ListenAsync(CancellationToken left)
    {
        var id = NextId();
        Expect(await PostAsync(Request(id, "resources/subscribe", $$"""{"uri":"{{Seat.Uri}}"}"""), leave: CancellationToken.None), "subscriptions", id, _ => true);
        var told = await Wire.SendAsync(HttpMethod.Get, Crowd, null, Headers(), leave: left);
        Tally.Count("streams");
        foreach (var message in told.Messages)
        {
            if ((string?)message["method"] == "notifications/resources/updated" && (string?)message["params"]!["uri"] == Seat.Uri) Tally.Count("changes told");
            else if (!told.IsBusy) Tally.Wrong($"{Seat.Marker}: its stream told {message.ToJsonString()}");
        }
    }

    private async Task ListAsync()
    {
        var id = NextId();
        ExpectTools(await PostAsync(Request(id, "tools/list", "{}")), id);
        id = NextId();
        ExpectOwnResource(await PostAsync(Request(id, "resources/list", "{}")), id);
    }

    private async Task ReadAsync()
    {
        var id = NextId();
        ExpectContents(await PostAsync(Request(id, "resources/read", $$"""{"uri":"{{Seat.Uri}}"}""")), id);
    }

    private async Task CallAsync(string tool, Func<JsonNode, Task<bool>>? seen = null)
    {
        var id = NextId();
        var reply = await PostAsync(CallOf(tool, id), seen);
        if (!Judge(reply, tool, id) && !reply.IsBusy) Tally.Wrong($"{Seat.Marker}: no answer to {tool} {id}");
    }

    private async Task<bool> AnswerAsync(JsonNode message)
    {
        if ((string?)message["method"] == "elicitation/create")
        {
            var answer = new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = message["id"]!.DeepClone(),
                ["result"] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject { ["marker"] = Seat.Marker } },
            };
            ExpectAccepted(await PostAsync(answer.ToJsonString()), "answers to questions");
        }
        return true;
    }

    /// <summary>The server ends the stream before the answer.</summary>
    private async Task FetchLaterAsync()
    {
        var id = NextId();
        var reply = await PostAsync(CallOf("later", id));
        if (Judge(reply, "later", id) || reply.IsBusy) return;
        await ResumeAsync(reply, "later", id);
    }

    /// <summary>The client breaks the connection in the middle, and sometimes comes back for the rest.</summary>
    private async Task LeaveAndComeBackAsync()
    {
        var id = NextId();
        var reply = await PostAsync(CallOf("wait", id), _ => Task.FromResult(false));
        if (!Judge(reply, "wait", id) && reply.LastEvent is not null && Random.Next(3) != 0) await ResumeAsync(reply, "wait", id);
    }

    private async Task ResumeAsync(CrowdReply before, string tool, string id)
    {
        var reply = await Wire.SendAsync(HttpMethod.Get, Crowd, null, [.. Headers(), ("Last-Event-ID", before.LastEvent ?? "none")]);
        Tally.Count("resumes");
        if (!Judge(reply, tool, id, isRest: true) && !reply.IsBusy) Tally.Wrong($"{Seat.Marker}: {tool} {id} was not there for who came back: {(int)reply.Status}");
    }

    private async Task CancelAsync()
    {
        var id = NextId();
        var reply = await PostAsync(CallOf("wait", id), async message =>
        {
            if ((string?)message["method"] == "notifications/progress")
                ExpectAccepted(await PostAsync($$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{id}}}}}"""), "cancellations");
            return true;
        });
        // Its answer may have been on its way.
        Judge(reply, "wait", id);
    }

    private async Task HurryAsync()
    {
        var (id, tool) = (NextId(), Random.Next(2) == 0 ? "say" : "keep");
        using var hurry = Hurry();
        Judge(await PostAsync(CallOf(tool, id), leave: hurry.Token), tool, id);
    }

    private Task<CrowdReply> PostAsync(string body, Func<JsonNode, Task<bool>>? seen = null, CancellationToken leave = default) =>
        Wire.SendAsync(HttpMethod.Post, Crowd, body, Headers(), seen, leave);

    private (string Name, string Value)[] Headers() => [("MCP-Protocol-Version", Version), ("Mcp-Session-Id", session)];

    private string CallOf(string tool, string id) => Request(id, "tools/call", $$$"""{{{ArgumentsOf(tool)[..^1]}}},"_meta":{"progressToken":{{{id}}}}}""");

    private static string Request(string id, string method, string parameters) => $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""";
}

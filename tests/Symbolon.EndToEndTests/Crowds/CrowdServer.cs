using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Symbolon.Testing.Mcp;

namespace Symbolon.EndToEndTests.Crowds;

/// <summary>
/// The MCP server of one organisation, over HTTP, in both eras. It says in everything who asked, and numbers its sessions, events and questions from one, so that
/// they are the same in both organisations and in every session. What it is asked for in the wrong place is a wrong.
/// </summary>
internal sealed class CrowdServer : IAsyncDisposable
{
    public const string Prompt = "greet";

    public static readonly string[] Tools = ["say", "ask", "later", "wait", "keep"];

    private readonly ConcurrentDictionary<string, CrowdSession> sessions = new(StringComparer.Ordinal);
    private readonly string organisation;
    private readonly int members;
    private readonly CrowdTally tally;
    private readonly WebApplication app;
    private int opened;
    private int open;

    private CrowdServer(string organisation, int members, CrowdTally tally)
    {
        (this.organisation, this.members, this.tally) = (organisation, members, tally);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    public Uri Url => new(app.Urls.Single() + "/mcp");

    /// <summary>Calls and streams of the crowd that are under way; the gateway's own streams are not counted.</summary>
    public int Open => Volatile.Read(ref open);

    public static async Task<CrowdServer> StartAsync(string organisation, int members, CrowdTally tally)
    {
        var server = new CrowdServer(organisation, members, tally);
        await server.app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        try
        {
            if (HttpMethods.IsGet(http.Request.Method)) await StreamAsync(http);
            else if (HttpMethods.IsDelete(http.Request.Method)) End(http);
            else await PostedAsync(http);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The gateway let go of it: its caller left or cancelled.
            tally.Count("let go upstream");
        }
    }

    private CrowdSession? SessionOf(HttpContext http) =>
        http.Request.Headers["Mcp-Session-Id"].ToString() is { Length: > 0 } id && sessions.TryGetValue(id, out var found) ? found : null;

    private void End(HttpContext http)
    {
        http.Response.StatusCode = sessions.TryRemove(http.Request.Headers["Mcp-Session-Id"].ToString(), out _) ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
        tally.Count("sessions ended");
    }

    /// <summary>The session's own stream, or the rest of one that broke.</summary>
    private async Task StreamAsync(HttpContext http)
    {
        if (SessionOf(http) is not { } session)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await CrowdAnswer.BeginAsync(http);
        var last = http.Request.Headers["Last-Event-ID"].ToString();
        if (last.Length > 0)
        {
            await CountedAsync(async () => await CrowdAnswer.EventAsync(http, (await session.RestAsync(last, http.RequestAborted)).ToJsonString()));
            return;
        }
        if (session.Marker is not { } marker)
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
            return;
        }
        await CountedAsync(async () =>
        {
            // The second is somebody else's: only the gateway can know that.
            foreach (var whose in (string[])[marker, NextTo(marker)])
                await CrowdAnswer.EventAsync(http, $$$"""{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"{{{Marker.UriOf(whose)}}}"}}""");
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
    }

    private async Task PostedAsync(HttpContext http)
    {
        var message = (await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted))!;
        var method = (string?)message["method"];
        var session = SessionOf(http);
        var isModern = message["params"]?["_meta"]?["io.modelcontextprotocol/protocolVersion"] is not null;
        if (message["id"] is null || method is null)
        {
            if (method is null) Answered(session, message);
            else if (method == "notifications/cancelled") session?.Cancel(message["params"]!["requestId"]!.ToJsonString());
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }
        if (method == "tools/call")
        {
            await CountedAsync(() => CallAsync(http, message, session, isModern));
            return;
        }
        if (method == "subscriptions/listen" && Marker.In(message.ToJsonString()).FirstOrDefault() is { } marker)
        {
            await CountedAsync(() => SubscribedAsync(http, message["id"]!.ToJsonString(), marker));
            return;
        }
        if (method == "initialize") http.Response.Headers["Mcp-Session-Id"] = OpenSession();
        if (method == "resources/subscribe") Take(session, (string)message["params"]!["uri"]!);
        await CrowdAnswer.JsonAsync(http, message["id"]!, ResultOf(method, message));
    }

    /// <summary>The first is somebody else's: only the gateway can know that.</summary>
    private async Task SubscribedAsync(HttpContext http, string id, string marker)
    {
        if (Marker.OrganisationOf(marker) != organisation) tally.Wrong($"the server of {organisation} was asked by {marker}");
        await CrowdAnswer.BeginAsync(http);
        var meta = $$"""{"io.modelcontextprotocol/subscriptionId":{{id}}}""";
        await CrowdAnswer.EventAsync(http, $$$"""{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{},"_meta":{{{meta}}}}}""");
        foreach (var whose in (string[])[NextTo(marker), marker])
            await CrowdAnswer.EventAsync(http, $$$"""{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"{{{Marker.UriOf(whose)}}}","_meta":{{{meta}}}}}""");
        await Task.Delay(Timeout.Infinite, http.RequestAborted);
    }

    private string NextTo(string marker) => Marker.Of(organisation, (int.Parse(marker[^3..], CultureInfo.InvariantCulture) + 1) % members);

    private string OpenSession()
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"session-{Interlocked.Increment(ref opened)}");
        sessions[id] = new CrowdSession();
        return id;
    }

    private async Task CallAsync(HttpContext http, JsonNode message, CrowdSession? session, bool isModern)
    {
        var asked = new CrowdCall(http, message, organisation, isModern);
        if (Marker.OrganisationOf(asked.Marker) != organisation) tally.Wrong($"the server of {organisation} was asked by {asked.Marker}");
        Take(session, asked.Marker);
        tally.Count("calls upstream");
        switch (asked.Tool)
        {
            case "keep": await CrowdAnswer.JsonAsync(http, asked.Id, asked.Result); break;
            case "ask" when isModern: await asked.AskForInputAsync(tally); break;
            case "ask" when session is not null: await asked.AskAsync(session, tally); break;
            case "later" when session is not null: await asked.LaterAsync(session, closes: true); break;
            case "wait" when session is not null: await asked.LaterAsync(session, closes: false); break;
            case "wait": await asked.WaitAsync(); break;
            default: await asked.SayAsync(); break;
        }
    }

    /// <summary>A session is one caller's: the first marker that is seen in it stays.</summary>
    private void Take(CrowdSession? session, string text)
    {
        var marker = Marker.In(text).Single();
        if (session is not null && !session.IsOf(marker)) tally.Wrong($"{marker} in the session of {session.Marker}");
    }

    private void Answered(CrowdSession? session, JsonNode message)
    {
        if (session?.Answer(message) != true) tally.Wrong($"an answer to nothing: {message.ToJsonString()}");
    }

    private string ResultOf(string method, JsonNode message) => method switch
    {
        "initialize" => """{"protocolVersion":"2025-11-25","capabilities":{"tools":{},"prompts":{},"resources":{"subscribe":true}},"serverInfo":{"name":"crowd","version":"1"}}""",
        "server/discover" => """{"resultType":"complete","ttlMs":0,"cacheScope":"private","supportedVersions":["2026-07-28"],"capabilities":{"tools":{},"prompts":{},"resources":{"subscribe":true}},"serverInfo":{"name":"crowd","version":"1"}}""",
        "tools/list" => McpText.ToolsResult(Tools),
        "resources/list" => $$"""{"resultType":"complete","ttlMs":0,"cacheScope":"private","resources":[{{string.Join(',', Enumerable.Range(0, members).Select(Resource))}}]}""",
        "resources/read" => $$$"""{"resultType":"complete","ttlMs":0,"cacheScope":"private","contents":[{"uri":"{{{(string)message["params"]!["uri"]!}}}","text":"read in {{{organisation}}}"}]}""",
        "prompts/get" => $$$$"""{"resultType":"complete","messages":[{"role":"user","content":{"type":"text","text":"{{{{organisation}}}} {{{{Prompt}}}} {{{{(string)message["params"]!["arguments"]!["marker"]!}}}}"}}]}""",
        _ => "{}",
    };

    private string Resource(int number)
    {
        var marker = Marker.Of(organisation, number);
        return $$"""{"uri":"{{Marker.UriOf(marker)}}","name":"note of {{marker}}"}""";
    }

    private async Task CountedAsync(Func<Task> run)
    {
        Interlocked.Increment(ref open);
        try
        {
            await run();
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }
}

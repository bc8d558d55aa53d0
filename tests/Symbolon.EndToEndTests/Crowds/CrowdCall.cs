using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Symbolon.EndToEndTests.Crowds;

/// <summary>One <c>tools/call</c> at a <see cref="CrowdServer"/>, and the ways in which it is answered.</summary>
internal sealed class CrowdCall(HttpContext http, JsonNode message, string organisation, bool isModern)
{
    /// <summary>Of every question, in every session.</summary>
    private const string QuestionId = "1";

    /// <summary>So long that somebody leaves meanwhile, so short that who stays is not held up.</summary>
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(300);

    private readonly JsonNode parameters = message["params"]!;

    public JsonNode Id => message["id"]!;

    public string Tool => (string)parameters["name"]!;

    public string Marker => (string)parameters["arguments"]!["marker"]!;

    public string Result =>
        $$"""{{{(isModern ? "\"resultType\":\"complete\"," : "")}}"content":[{"type":"text","text":"{{organisation}} {{Tool}} {{Id.ToJsonString()}} {{Marker}}"}],"isError":false}""";

    private JsonNode Final => JsonNode.Parse($$"""{"jsonrpc":"2.0","id":{{Id.ToJsonString()}},"result":{{Result}}}""")!;

    public async Task SayAsync()
    {
        await CrowdAnswer.BeginAsync(http);
        for (var step = 1; step <= 3; step++) await ProgressAsync(step);
        await CrowdAnswer.EventAsync(http, Final.ToJsonString());
    }

    /// <summary>Works for a while; who leaves has cancelled it.</summary>
    public async Task WaitAsync()
    {
        await CrowdAnswer.BeginAsync(http);
        await ProgressAsync(1);
        await Task.Delay(Work, http.RequestAborted);
        await CrowdAnswer.EventAsync(http, Final.ToJsonString());
    }

    /// <summary>Works on when its stream is gone, and keeps the answer for who comes back.</summary>
    public async Task LaterAsync(CrowdSession session, bool closes)
    {
        var place = CrowdSession.EventOf(Id.ToJsonString());
        var final = Final;
        _ = Task.Delay(Work).ContinueWith(_ => session.Keep(place, final), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await CrowdAnswer.BeginAsync(http);
        await ProgressAsync(1, $"id: {place}\nretry: 250\n");
        if (!closes) await CrowdAnswer.EventAsync(http, (await session.RestAsync(place, http.RequestAborted)).ToJsonString());
    }

    /// <summary>Asks the client in the middle of the call (legacy).</summary>
    public async Task AskAsync(CrowdSession session, CrowdTally tally)
    {
        session.Forget(QuestionId);
        await CrowdAnswer.BeginAsync(http);
        await CrowdAnswer.EventAsync(http, $$$$"""{"jsonrpc":"2.0","id":{{{{QuestionId}}}},"method":"elicitation/create","params":{"message":"who is {{{{Marker}}}}?","requestedSchema":{"type":"object","properties":{} } } }""");
        Compare((string?)(await session.AnswerAsync(QuestionId, http.RequestAborted))["content"]?["marker"], tally);
        await CrowdAnswer.EventAsync(http, Final.ToJsonString());
    }

    /// <summary>Ends with a question, and is called again with its answer (2026-07-28).</summary>
    public Task AskForInputAsync(CrowdTally tally)
    {
        if (parameters["requestState"] is not { } state)
            return CrowdAnswer.JsonAsync(http, Id, $$$$"""{"resultType":"input_required","inputRequests":{"q":{"method":"elicitation/create","params":{"message":"who is {{{{Marker}}}}?"}}},"requestState":"state of {{{{Marker}}}}"}""");
        Compare((string?)state, tally, "state of ");
        Compare((string?)parameters["inputResponses"]?["q"]?["content"]?["marker"], tally);
        return CrowdAnswer.JsonAsync(http, Id, Result);
    }

    private void Compare(string? answer, CrowdTally tally, string before = "")
    {
        if (answer != before + Marker) tally.Wrong($"the question of {Marker} was answered with {answer}");
        tally.Count("questions answered");
    }

    private async Task ProgressAsync(int step, string before = "")
    {
        if (parameters["_meta"]?["progressToken"] is { } token)
            await CrowdAnswer.EventAsync(http, $$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token.ToJsonString()}}},"progress":{{{step}}},"message":"{{{Marker}}}"}}""", before);
    }
}

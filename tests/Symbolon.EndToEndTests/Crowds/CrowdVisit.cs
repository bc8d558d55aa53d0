using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Symbolon.EndToEndTests.Crowds;

/// <summary>
/// What a member does between coming and leaving, in one era. Its requests are numbered from one, as everybody's are, and their progress tokens are the same numbers.
/// </summary>
internal abstract class CrowdVisit(CrowdWire wire, CrowdSeat seat, Random random, CrowdTally tally)
{
    protected const string Crowd = "crowd";

    private int lastId;

    protected CrowdWire Wire => wire;
    protected CrowdSeat Seat => seat;
    protected Random Random => random;
    protected CrowdTally Tally => tally;

    protected string NextId() => (++lastId).ToString(CultureInfo.InvariantCulture);

    /// <summary>The members of a call's params but <c>_meta</c>.</summary>
    protected string ArgumentsOf(string tool) => $$$"""{"name":"{{{tool}}}","arguments":{"marker":"{{{seat.Marker}}}"}}""";

    /// <summary>A moment within the first milliseconds of a request: before it is there, in its middle, or too late.</summary>
    protected CancellationTokenSource Hurry() => new(TimeSpan.FromMilliseconds(random.Next(1, 60)));

    /// <summary>Counts a call that was sent, and looks at what came for it.</summary>
    /// <param name="isRest">It was sent before; this is what its caller came back for.</param>
    /// <returns>Whether its answer came.</returns>
    protected bool Judge(CrowdReply reply, string tool, string id, bool isRest = false)
    {
        if (!isRest) tally.Call(seat.Marker, "calls");
        if (!IsAnswered(reply)) return false;
        foreach (var message in reply.Messages) JudgeMessage(message, id);
        if (reply.Final is null) return false;
        var text = (string?)reply.Result?["content"]?[0]?["text"];
        if (text == $"{seat.Organisation} {tool} {id} {seat.Marker}") tally.Call(seat.Marker, "answers");
        else tally.Wrong($"{seat.Marker}: {tool} {id} was answered with {(int)reply.Status} {reply.Final.ToJsonString()}");
        return true;
    }

    /// <summary>For a request that is no call: it has its own id and what is looked for.</summary>
    protected void Expect(CrowdReply reply, string what, string id, Func<JsonNode, bool> isRight)
    {
        if (!IsAnswered(reply) || reply.HasLeft) return;
        if (reply.Final is null || reply.Final["id"]?.ToJsonString() != id || reply.Result is not { } result || !isRight(result))
            tally.Wrong($"{seat.Marker}: {what} {id} was answered with {(int)reply.Status} {reply.Final?.ToJsonString()}");
        tally.Count(what);
    }

    protected void ExpectTools(CrowdReply reply, string id) =>
        Expect(reply, "lists of tools", id, result => result["tools"]!.AsArray().Select(tool => (string)tool!["name"]!).Order().SequenceEqual(CrowdServer.Tools.Order()));

    /// <summary>The server lists everybody's.</summary>
    protected void ExpectOwnResource(CrowdReply reply, string id) =>
        Expect(reply, "lists of resources", id, result => result["resources"]!.AsArray().Select(resource => (string)resource!["uri"]!).SequenceEqual([seat.Uri]));

    protected void ExpectContents(CrowdReply reply, string id)
    {
        tally.Call(seat.Marker, "calls");
        Expect(reply, "reads", id, result => (string?)result["contents"]![0]!["text"] == $"read in {seat.Organisation}");
        if (reply.Result is not null) tally.Call(seat.Marker, "answers");
    }

    protected void ExpectPrompt(CrowdReply reply, string id)
    {
        tally.Call(seat.Marker, "calls");
        Expect(reply, "prompts", id, result => (string?)result["messages"]![0]!["content"]!["text"] == $"{seat.Organisation} {CrowdServer.Prompt} {seat.Marker}");
        if (reply.Result is not null) tally.Call(seat.Marker, "answers");
    }

    /// <summary>The params of <c>prompts/get</c> but <c>_meta</c>.</summary>
    protected string PromptOf() => $$$"""{"name":"{{{CrowdServer.Prompt}}}","arguments":{"marker":"{{{seat.Marker}}}"}}""";

    protected void ExpectAccepted(CrowdReply reply, string what)
    {
        if (IsAnswered(reply) && !reply.HasLeft && reply.Status != HttpStatusCode.Accepted) tally.Wrong($"{seat.Marker}: {what} was answered with {(int)reply.Status}");
        tally.Count(what);
    }

    /// <summary>Whoever is told to come back has no answer, and an id neither: its message may not have been read.</summary>
    private bool IsAnswered(CrowdReply reply)
    {
        if (reply.HasLeft) tally.Count("disconnects");
        if (reply.IsBusy) tally.Count($"told to come back ({reply.Reason})");
        return !reply.IsBusy;
    }

    private void JudgeMessage(JsonNode message, string id)
    {
        var isOwn = (string?)message["method"] switch
        {
            null => message["id"]?.ToJsonString() == id,
            "notifications/progress" => message["params"]!["progressToken"]!.ToJsonString() == id && (string?)message["params"]!["message"] == seat.Marker,
            "elicitation/create" => ((string)message["params"]!["message"]!).Contains(seat.Marker, StringComparison.Ordinal),
            _ => false,
        };
        if (!isOwn) tally.Wrong($"{seat.Marker}: request {id} got {message.ToJsonString()}");
        if (message["method"] is not null) tally.Count("notifications and questions");
    }
}

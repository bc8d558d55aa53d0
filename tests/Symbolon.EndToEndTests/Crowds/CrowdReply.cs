using System.Net;
using System.Text.Json.Nodes;

namespace Symbolon.EndToEndTests.Crowds;

/// <summary>What came back for one request, as far as its caller stayed.</summary>
internal sealed class CrowdReply
{
    /// <summary>Reason codes with which the gateway says that it cannot keep up: no fault of the message that is refused.</summary>
    private static readonly HashSet<string> Busy = ["audit_unavailable", "state_stale", "overloaded"];

    public HttpStatusCode Status { get; set; }

    public string? Session { get; set; }

    /// <summary>The caller broke the connection before the end.</summary>
    public bool HasLeft { get; set; }

    /// <summary>The id of the last event that had one.</summary>
    public string? LastEvent { get; set; }

    public List<JsonNode> Messages { get; } = [];

    /// <summary>The response; null if none came.</summary>
    public JsonNode? Final => Messages.Find(message => message["method"] is null);

    public JsonNode? Result => Final?["result"];

    /// <summary>Why it was refused; null if it was not.</summary>
    public string? Reason => (string?)(Final?["error"]?["data"]?["code"] ?? Result?["_meta"]?["symbolon/refusal"]?["code"]);

    public bool IsBusy => Reason is { } code && Busy.Contains(code);
}

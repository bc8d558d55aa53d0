using System.Text;
using System.Text.Json;
using Symbolon.Core;
using Symbolon.Core.Audit;

namespace Symbolon.Admin.Console.AuditPages;

/// <summary>One record as its own text has it: what the record does not hold is null.</summary>
public sealed record AuditLine
{
    public required long Seq { get; init; }

    /// <summary>When it was chained.</summary>
    public required DateTimeOffset Recorded { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The chained text, and 64 hex digits each: its hash and the hash before.</summary>
    public required string Text { get; init; }
    public required string Hash { get; init; }
    public required string Previous { get; init; }

    public required string Kind { get; init; }
    public string? Node { get; init; }
    public Guid? Call { get; init; }

    public string? User { get; init; }
    public string? Agent { get; init; }
    public string? Workflow { get; init; }
    public string? Token { get; init; }
    public string? By { get; init; }
    public string? Peer { get; init; }

    public string? Method { get; init; }
    public string? Server { get; init; }
    public string? Tool { get; init; }
    public string? Effect { get; init; }
    public string? ProtocolVersion { get; init; }
    public string? Trace { get; init; }
    public string? ArgumentsHmac { get; init; }
    public long? ArgumentsSize { get; init; }

    /// <summary>JSON, where the server's file lets it be kept.</summary>
    public string? Arguments { get; init; }

    public bool? Allowed { get; init; }
    public string? Code { get; init; }
    public string? Scope { get; init; }
    public string? Grant { get; init; }

    /// <summary>Of a policy, <c>policy/rule</c>: the rule that decided, limited or could not be evaluated.</summary>
    public string? Rule { get; init; }

    /// <summary>What rules that only observe would have said.</summary>
    public string? Observed { get; init; }

    public string? Outcome { get; init; }
    public long? UpstreamStatus { get; init; }

    /// <summary>Microseconds.</summary>
    public long? Duration { get; init; }
    public long? AnswerSize { get; init; }
    public long? Count { get; init; }

    public string? Target { get; init; }
    public string? Action { get; init; }
    public string? Reason { get; init; }
    public long? ObjectVersion { get; init; }

    public bool IsIntent => Kind == "call_intent";

    public bool IsOutcome => Kind == "call_outcome";

    internal static AuditLine Of(StoredAuditRecord record)
    {
        using var json = JsonDocument.Parse(record.Json);
        var root = json.RootElement;
        var said = root.GetProperty("event");
        return new AuditLine
        {
            Seq = record.Seq,
            Recorded = UnixTime.FromMicroseconds(record.Time),
            At = UnixTime.FromMicroseconds(Number("time") ?? record.Time),
            Text = Encoding.UTF8.GetString(record.Json.Span),
            Hash = Convert.ToHexStringLower(record.Hash.Span),
            Previous = root.GetProperty("prev").GetString()!,
            Kind = Word("kind") ?? "",
            Node = root.TryGetProperty("node", out var node) ? node.GetString() : null,
            Call = said.TryGetProperty("call", out var call) && call.TryGetGuid(out var id) ? id : null,
            User = Word("user"), Agent = Word("agent"), Workflow = Word("workflow"), Token = Word("token"), By = Word("by"), Peer = Word("peer"),
            Method = Word("method"), Server = Word("server"), Tool = Word("tool"), Effect = Word("effect"),
            ProtocolVersion = Word("protocolVersion"), Trace = Word("trace"),
            ArgumentsHmac = Word("argumentsHmac"), ArgumentsSize = Number("argumentsSize"),
            Arguments = said.TryGetProperty("arguments", out var arguments) ? arguments.GetRawText() : null,
            Allowed = said.TryGetProperty("allowed", out var allowed) ? allowed.ValueKind == JsonValueKind.True : null,
            Code = Word("code"), Scope = Word("scope"), Grant = Word("grant"), Rule = Word("rule"), Observed = Word("observed"),
            Outcome = Word("outcome"), UpstreamStatus = Number("upstreamStatus"), Duration = Number("duration"), AnswerSize = Number("answerSize"),
            Count = Number("count"), Target = Word("target"), Action = Word("action"), Reason = Word("reason"), ObjectVersion = Number("objectVersion"),
        };

        string? Word(string name) => said.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        long? Number(string name) => said.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : null;
    }
}

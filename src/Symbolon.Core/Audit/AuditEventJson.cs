using Symbolon.Core.Policy;

namespace Symbolon.Core.Audit;

/// <summary>
/// The JSON form of an <see cref="AuditEvent"/>: one object, members in RFC 8785 order, integers only, nulls left out.
/// </summary>
public static class AuditEventJson
{
    /// <summary>Version of the whole record's schema; grows when a reader would have to know.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Writes the object. The order of the lines is the order of RFC 8785 §3.2.3; a test holds it.</summary>
    public static void Write(CanonicalBuffer json, AuditEvent record)
    {
        json.Raw("{"u8);
        Text(json, "action"u8, record.Action);
        Text(json, "agent"u8, record.Agent);
        if (record.Allowed is { } allowed)
        {
            json.Name("allowed"u8);
            json.Raw(allowed ? "true"u8 : "false"u8);
        }
        Integer(json, "answerSize"u8, record.AnswerSize);
        if (!record.ArgumentsHmac.IsEmpty)
        {
            json.Name("argumentsHmac"u8);
            json.Hex(record.ArgumentsHmac.Span);
        }
        Integer(json, "argumentsSize"u8, record.ArgumentsSize);
        Text(json, "by"u8, record.By);
        if (record.Call is { } call)
        {
            json.Name("call"u8);
            json.Text(call);
        }
        Text(json, "code"u8, record.Code?.ToText());
        Integer(json, "count"u8, record.Count);
        Integer(json, "duration"u8, record.Duration);
        Text(json, "effect"u8, record.Effect);
        Text(json, "grant"u8, record.Grant);
        Text(json, "initiator"u8, record.Initiator);
        Text(json, "kind"u8, record.Kind.ToText());
        Text(json, "method"u8, record.Method);
        Integer(json, "objectVersion"u8, record.ObjectVersion);
        Text(json, "outcome"u8, record.Outcome?.ToText());
        Text(json, "peer"u8, record.Peer);
        Text(json, "protocolVersion"u8, record.ProtocolVersion);
        Text(json, "reason"u8, record.Reason);
        Text(json, "scope"u8, record.Scope);
        Text(json, "server"u8, record.Server);
        Text(json, "target"u8, record.Target);
        Integer(json, "time"u8, record.Time);
        Text(json, "token"u8, record.Token);
        Text(json, "tool"u8, record.Tool);
        Text(json, "trace"u8, record.Trace);
        Integer(json, "upstreamStatus"u8, record.UpstreamStatus);
        Text(json, "user"u8, record.User);
        Text(json, "workflow"u8, record.Workflow);
        json.Raw("}"u8);
    }

    private static void Text(CanonicalBuffer json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is null) return;
        json.Name(name);
        json.Text(value);
    }

    private static void Integer(CanonicalBuffer json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is not { } number) return;
        json.Name(name);
        json.Integer(number);
    }
}

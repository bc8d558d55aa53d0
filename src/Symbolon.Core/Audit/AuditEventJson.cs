using Symbolon.Core.Policy;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Audit;

/// <summary>
/// The JSON form of an <see cref="AuditEvent"/>: one object, members in RFC 8785 order, integers only, nulls left out. The members are
/// listed in docs/schemas/audit-record.json.
/// </summary>
public static class AuditEventJson
{
    /// <summary>Version of the whole record's schema; grows when a reader would have to know.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Writes the object as a member. The order of the lines is the order of RFC 8785 §3.2.3; a test holds it.</summary>
    public static void Write(ref CanonicalJsonWriter json, ReadOnlySpan<byte> name, AuditEvent record)
    {
        json.StartObject(name);
        Text(ref json, "action"u8, record.Action);
        Text(ref json, "agent"u8, record.Agent);
        if (record.Allowed is { } allowed) json.Member("allowed"u8, allowed);
        Integer(ref json, "answerSize"u8, record.AnswerSize);
        if (record.Arguments is { } arguments) json.MemberRaw("arguments"u8, arguments);
        if (!record.ArgumentsHmac.IsEmpty) Hex(ref json, "argumentsHmac"u8, record.ArgumentsHmac.Span);
        Integer(ref json, "argumentsSize"u8, record.ArgumentsSize);
        Text(ref json, "by"u8, record.By);
        if (record.Call is { } call) Id(ref json, "call"u8, call);
        Text(ref json, "code"u8, record.Code?.ToText());
        Integer(ref json, "count"u8, record.Count);
        Integer(ref json, "duration"u8, record.Duration);
        Text(ref json, "effect"u8, record.Effect);
        Text(ref json, "grant"u8, record.Grant);
        Text(ref json, "initiator"u8, record.Initiator);
        Text(ref json, "kind"u8, record.Kind.ToText());
        Text(ref json, "method"u8, record.Method);
        Integer(ref json, "objectVersion"u8, record.ObjectVersion);
        Text(ref json, "observed"u8, record.Observed);
        Text(ref json, "outcome"u8, record.Outcome?.ToText());
        Text(ref json, "peer"u8, record.Peer);
        Text(ref json, "protocolVersion"u8, record.ProtocolVersion);
        Text(ref json, "reason"u8, record.Reason);
        Text(ref json, "rule"u8, record.Rule);
        Text(ref json, "scope"u8, record.Scope);
        Text(ref json, "server"u8, record.Server);
        Text(ref json, "target"u8, record.Target);
        Integer(ref json, "time"u8, record.Time);
        Text(ref json, "token"u8, record.Token);
        Text(ref json, "tool"u8, record.Tool);
        Text(ref json, "trace"u8, record.Trace);
        Integer(ref json, "upstreamStatus"u8, record.UpstreamStatus);
        Text(ref json, "user"u8, record.User);
        Text(ref json, "workflow"u8, record.Workflow);
        json.EndObject();
    }

    /// <summary>Lower-case hexadecimal digits, two a byte.</summary>
    internal static void Hex(ref CanonicalJsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Span<byte> digits = stackalloc byte[2 * AuditChain.HashSize];
        if (value.Length > AuditChain.HashSize) digits = new byte[2 * value.Length];
        Convert.TryToHexStringLower(value, digits, out var written);
        json.Member(name, digits[..written]);
    }

    private static void Id(ref CanonicalJsonWriter json, ReadOnlySpan<byte> name, Guid value)
    {
        Span<byte> text = stackalloc byte[36];
        value.TryFormat(text, out _);
        json.Member(name, text);
    }

    private static void Text(ref CanonicalJsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) json.Member(name, value.AsSpan());
    }

    /// <summary>A number that RFC 8785 could not carry is cut to the greatest one: one odd figure must not stop the audit of everybody.</summary>
    private static void Integer(ref CanonicalJsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
            json.Member(name, Math.Clamp(number, -CanonicalJsonWriter.GreatestInteger, CanonicalJsonWriter.GreatestInteger));
    }
}

using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Mcp;

/// <summary>What an upstream said in one JSON answer or SSE event.</summary>
internal enum AnswerKind : byte
{
    /// <summary>No JSON-RPC message.</summary>
    Garbage,
    Result,
    Error,
    Request,
    Notification,
}

/// <summary>What a result of the modern era is (<c>resultType</c>).</summary>
internal enum ResultType : byte
{
    Complete,

    /// <summary>It asks the client for something, and is asked again with the answers.</summary>
    InputRequired,

    /// <summary>It names a task, to be asked for later.</summary>
    Task,

    /// <summary>One that we do not know, or one that readers without regard to case would take for another.</summary>
    Unknown,
}

/// <summary>
/// The envelope of one message of an upstream, read by one scan. Only the members of the outer objects are looked at; the rest is
/// checked to be JSON and else the upstream's own business.
/// </summary>
internal sealed class AnswerEnvelope
{
    /// <summary>Of the outer objects, where an answer has few: what is noted of them must not outgrow the answer itself.</summary>
    private const int MostMembers = 65_536;

    private static readonly JsonLimits Limits = new(JsonLimits.GreatestDepth, int.MaxValue);
    private readonly JsonOutline outline = new(MostMembers);

    public AnswerKind Kind { get; private set; }

    public Slice Id { get; private set; }

    /// <summary>Of requests and notifications, as written.</summary>
    public Slice Method { get; private set; }

    /// <summary>Of requests and notifications, as written; absent where there are none.</summary>
    public Slice Params { get; private set; }

    /// <summary>A tool's result with <c>isError: true</c>.</summary>
    public bool IsToolError { get; private set; }

    /// <summary>Of a result; it means nothing in the legacy era.</summary>
    public ResultType Type { get; private set; }

    /// <param name="message">Kept by nobody: the places found are true for these bytes only.</param>
    public AnswerKind Read(ReadOnlySpan<byte> message)
    {
        Kind = AnswerKind.Garbage;
        Id = Method = Params = default;
        IsToolError = false;
        Type = ResultType.Complete;
        if (!StrictJson.Scan(message, Limits, MemberRule.Envelope, outline).Accepted || !outline.TryGetRoot(message, out var root)) return Kind;
        if (!root.TryGet("jsonrpc"u8, out var version) || !version.TextEquals("2.0"u8)) return Kind;
        if (root.TryGet("id"u8, out var id) && id.Kind is JsonKind.String or JsonKind.Number) Id = Slice.Of(id);
        if (root.TryGet("method"u8, out var method))
        {
            if (method.Kind != JsonKind.String) return Kind;
            Method = Slice.Of(method);
            if (root.TryGet("params"u8, out var parameters) && parameters.Kind == JsonKind.Object) Params = Slice.Of(parameters);
            return Kind = Id.IsPresent ? AnswerKind.Request : AnswerKind.Notification;
        }
        if (root.TryGetObject("result"u8, out var result))
        {
            ReadResult(result);
            return Kind = AnswerKind.Result;
        }
        return root.TryGetObject("error"u8, out _) ? Kind = AnswerKind.Error : Kind;
    }

    private void ReadResult(OutlinedObject result)
    {
        var isTyped = false;
        foreach (var member in result)
        {
            if (member.NameEquals("isError"u8)) IsToolError = member.Value.Kind == JsonKind.True;
            else if (member.NameFoldsTo("resultType"u8))
            {
                // A second one, or another spelling of it, is for readers to disagree about.
                Type = isTyped || !member.NameEquals("resultType"u8) ? ResultType.Unknown : TypeOf(member.Value);
                isTyped = true;
            }
        }
    }

    private static ResultType TypeOf(JsonValue type) =>
        type.TextEquals("complete"u8) ? ResultType.Complete
        : type.TextEquals("input_required"u8) ? ResultType.InputRequired
        : type.TextEquals("task"u8) ? ResultType.Task
        : ResultType.Unknown;

    public OutlinedObject Member(ReadOnlySpan<byte> message, ReadOnlySpan<byte> name)
    {
        outline.TryGetRoot(message, out var root);
        root.TryGetObject(name, out var found);
        return found;
    }

    /// <summary>Whether two ids are the same: texts by what they say, however they are escaped.</summary>
    public static bool SameId(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (one.SequenceEqual(other)) return true;
        if (one[0] != '"' || other[0] != '"') return false;
        return (one.Contains((byte)'\\') || other.Contains((byte)'\\'))
            && JsonValue.Root(one).TryGetString(out var left) && JsonValue.Root(other).TryGetString(out var right)
            && string.Equals(left, right, StringComparison.Ordinal);
    }
}

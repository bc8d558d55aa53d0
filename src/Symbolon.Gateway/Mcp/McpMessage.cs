using System.Buffers;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Mcp;

/// <summary>
/// One message of a client: its bytes and the places in them that matter. Filled by <see cref="McpRequestReader"/>; kept across
/// awaits and used for one request after another.
/// </summary>
internal sealed class McpMessage
{
    private byte[] buffer = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Text => buffer.AsSpan(0, Length);

    public JsonOutline Outline { get; } = new();

    public McpMethod Method { get; set; }

    /// <summary>Messages of one batch: it must not be a way around what one connection may have open.</summary>
    public const int MostMembers = 32;

    /// <summary>Of a batch: the messages in it, one more than there may be at most. Nothing else is filled then.</summary>
    public List<Slice> Members { get; } = [];
    public bool IsBatch { get; set; }

    /// <summary>As written, a string with its quotation marks. Absent for notifications.</summary>
    public Slice Id { get; set; }

    /// <summary><c>params.name</c> as written.</summary>
    public Slice Name { get; set; }

    /// <summary><c>params.uri</c> as written.</summary>
    public Slice Uri { get; set; }
    public Slice Arguments { get; set; }
    public Slice InputResponses { get; set; }
    public Slice RequestState { get; set; }
    public Slice TaskId { get; set; }

    /// <summary>Of <c>completion/complete</c>: what is completed, where, and beside what.</summary>
    public Slice Ref { get; set; }
    public Slice Argument { get; set; }
    public Slice Context { get; set; }

    /// <summary>Of <c>subscriptions/listen</c>.</summary>
    public Slice Notifications { get; set; }
    public Slice Cursor { get; set; }
    public Slice Level { get; set; }
    public Slice RequestId { get; set; }
    public Slice Reason { get; set; }
    public Slice ClientInfo { get; set; }

    /// <summary><c>params.protocolVersion</c> of <c>initialize</c>.</summary>
    public Slice RequestedVersion { get; set; }

    /// <summary><c>params.capabilities</c> of <c>initialize</c>.</summary>
    public Slice Capabilities { get; set; }

    /// <summary>Of a response, <c>result</c> or <c>error</c>.</summary>
    public Slice Outcome { get; set; }
    public bool IsError { get; set; }

    /// <summary>What we sealed and the client brought back, opened: a cursor, a request state, a task's or server request's id, as the upstream wrote it.</summary>
    public byte[]? Opened { get; set; }

    public Slice ProgressToken { get; set; }
    public Slice TraceParent { get; set; }
    public Slice MetaVersion { get; set; }
    public Slice MetaCapabilities { get; set; }
    public Slice MetaLogLevel { get; set; }
    public bool HasMeta { get; set; }

    public ReadOnlySpan<byte> At(Slice place) => place.In(Text);

    /// <summary>The same where it lies, good until the message is used for another request.</summary>
    public ArraySegment<byte> Where(Slice place) => place.IsPresent ? new ArraySegment<byte>(buffer, place.Offset, place.Length) : ArraySegment<byte>.Empty;

    public OutlinedObject Params
    {
        get
        {
            Outline.TryGetRoot(Text, out var root);
            root.TryGetObject("params"u8, out var found);
            return found;
        }
    }

    public OutlinedObject Meta
    {
        get
        {
            Params.TryGetObject("_meta"u8, out var found);
            return found;
        }
    }

    /// <summary>Room for a body of this size; what was read before is kept.</summary>
    public Memory<byte> Room(int atLeast)
    {
        if (buffer.Length - Length < atLeast)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + atLeast, 2048));
            buffer.AsSpan(0, Length).CopyTo(larger);
            Release();
            buffer = larger;
        }
        return buffer.AsMemory(Length);
    }

    /// <summary>Makes it the message that had this id, of which nothing else is known any more.</summary>
    /// <param name="id">As written.</param>
    public void Answer(ReadOnlySpan<byte> id)
    {
        id.CopyTo(Room(id.Length).Span);
        Id = new Slice(Length, id.Length);
        Advance(id.Length);
    }

    public void Advance(int bytes) => Length += bytes;

    public void Reset()
    {
        Length = 0;
        if (buffer.Length > 16 * 1024) Release();
        Method = McpMethod.None;
        Id = Name = Uri = Arguments = Cursor = Level = RequestId = Reason = ClientInfo = RequestedVersion = Capabilities = Outcome = default;
        InputResponses = RequestState = TaskId = Ref = Argument = Context = Notifications = default;
        Opened = null;
        ProgressToken = TraceParent = MetaVersion = MetaCapabilities = MetaLogLevel = default;
        HasMeta = IsError = IsBatch = false;
        Members.Clear();
    }

    private void Release()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }
}

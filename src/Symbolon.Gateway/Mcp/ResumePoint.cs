using System.Buffers.Text;
using System.Text;

namespace Symbolon.Gateway.Mcp;

/// <summary>
/// Where a stream of events can be taken up again, as its server says with <c>id</c> and <c>retry</c> (WHATWG HTML, 9.2.5 and 9.2.6). An
/// id counts from the end of its event, and beyond the end of the stream.
/// </summary>
internal sealed class ResumePoint
{
    /// <summary>A longer id is taken for none: what is sent back stays far below any server's bound on headers.</summary>
    private const int LongestId = 1024;

    private byte[] id = [];
    private byte[] coming = [];
    private int length;
    private int? comingLength;
    private TimeSpan? comingRetry;

    /// <summary>The id of the last event that had one; null when there is none that could be sent back.</summary>
    public string? Id => length == 0 ? null : Encoding.ASCII.GetString(id, 0, length);

    /// <summary>How long a client is to wait before it comes back; null when the server did not say.</summary>
    public TimeSpan? Retry { get; private set; }

    /// <summary>The event that ended last had an id.</summary>
    public bool IsNew { get; private set; }

    /// <summary>How long to wait, if the event that ended last said so.</summary>
    public TimeSpan? NewRetry { get; private set; }

    public void Reset()
    {
        length = 0;
        comingLength = null;
        Retry = NewRetry = comingRetry = null;
        IsNew = false;
    }

    /// <summary>The event was not ended: its id counts for nothing.</summary>
    public void Forget() => comingLength = null;

    public void ReadId(ReadOnlySpan<byte> value)
    {
        if (value.Contains((byte)0)) return;
        // Empty takes back the one before; so does one that no header can carry as it is.
        comingLength = value.Length <= LongestId && !value.ContainsAnyExceptInRange((byte)'!', (byte)'~') ? value.Length : 0;
        if (comingLength > coming.Length) coming = new byte[Math.Max(64, value.Length)];
        if (comingLength > 0) value.CopyTo(coming);
    }

    /// <param name="value">Milliseconds; anything but digits is ignored.</param>
    public void ReadRetry(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return;
        Retry = comingRetry = TimeSpan.FromMilliseconds(Utf8Parser.TryParse(value, out int milliseconds, out _) ? milliseconds : int.MaxValue);
    }

    /// <summary>The event ended.</summary>
    public void Take()
    {
        (NewRetry, comingRetry) = (comingRetry, null);
        IsNew = comingLength is not null;
        if (comingLength is not { } taken) return;
        (id, coming) = (coming, id);
        length = taken;
        comingLength = null;
    }
}

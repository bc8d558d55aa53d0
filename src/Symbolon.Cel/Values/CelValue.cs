using System.Text;

namespace Symbolon.Cel.Values;

/// <summary>
/// Any value of an expression, in 24 bytes: numbers and times in place, everything else by reference. A text may be a slice of a host's UTF-8 buffer, and is made a
/// string only where a function needs one.
/// </summary>
public readonly struct CelValue
{
    public static readonly CelValue Null;
    public static readonly CelValue True = Of(true);
    public static readonly CelValue False = Of(false);

    /// <summary>The host does not know it yet.</summary>
    public static readonly CelValue Unknown = new(CelKind.Unknown, 0, 0, null);

    private readonly object? reference;
    private readonly long bits;
    private readonly int extra;

    internal CelValue(CelKind kind, long bits, int extra, object? reference) => (Kind, this.bits, this.extra, this.reference) = (kind, bits, extra, reference);

    public CelKind Kind { get; }

    public static CelValue Of(bool value) => new(CelKind.Bool, value ? 1 : 0, 0, null);

    public static CelValue Of(long value) => new(CelKind.Int, value, 0, null);

    public static CelValue Of(ulong value) => new(CelKind.Uint, (long)value, 0, null);

    public static CelValue Of(double value) => new(CelKind.Double, BitConverter.DoubleToInt64Bits(value), 0, null);

    public static CelValue Of(string value) => new(CelKind.String, 0, 0, value ?? throw new ArgumentNullException(nameof(value)));

    public static CelValue Of(byte[] value) => new(CelKind.Bytes, 0, 0, value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>A text that is a slice of a buffer, good for as long as nobody writes there. Valid UTF-8 without escapes.</summary>
    public static CelValue OfUtf8(byte[] buffer, int offset, int length) => new(CelKind.String, offset, length, buffer);

    public static CelValue Of(CelList list, long node = 0) => new(CelKind.List, node, 0, list);

    public static CelValue Of(CelMap map, long node = 0) => new(CelKind.Map, node, 0, map);

    public static CelValue ListOf(params CelValue[] items) => Of(new CelArray(items));

    /// <summary>From year 1 to 9999, to the nanosecond.</summary>
    /// <param name="nanoseconds">Within the second, 0 to 999,999,999.</param>
    public static CelValue Timestamp(long seconds, int nanoseconds) => new(CelKind.Timestamp, seconds, nanoseconds, null);

    public static CelValue Of(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        var seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest);
        return rest < 0 ? Timestamp(seconds - 1, (int)(rest + TimeSpan.TicksPerSecond) * 100) : Timestamp(seconds, (int)rest * 100);
    }

    public static CelValue Duration(long nanoseconds) => new(CelKind.Duration, nanoseconds, 0, null);

    /// <summary>Something that has no value, and why.</summary>
    public static CelValue Error(string message) => Of(new CelError(message));

    internal static CelValue Of(CelError error) => new(CelKind.Error, 0, 0, error);

    /// <summary>A type, as <c>type()</c> gives it.</summary>
    public static CelValue OfType(string name) => TypeNamed(name);

    internal static CelValue TypeNamed(string name) => new(CelKind.Type, 0, 0, name);

    internal static CelValue Of(CelAddress address) => new(CelKind.Ip, 0, 0, address);

    internal static CelValue Of(CelNetwork network) => new(CelKind.Cidr, 0, 0, network);

    /// <param name="value">Null for an optional without one.</param>
    internal static CelValue OptionalOf(CelValue? value) => new(CelKind.Optional, value is null ? 0 : 1, 0, value);

    public bool AsBool => bits != 0;

    public long AsInt => bits;

    public ulong AsUint => (ulong)bits;

    public double AsDouble => BitConverter.Int64BitsToDouble(bits);

    /// <summary>The text of a string.</summary>
    public string AsText() => reference as string ?? Encoding.UTF8.GetString(AsUtf8);

    public byte[] AsBytes() => (byte[])reference!;

    public CelList AsList => (CelList)reference!;

    public CelMap AsMap => (CelMap)reference!;

    /// <summary>Which of the lists or maps that the object stands for.</summary>
    public long Node => bits;

    /// <summary>Of a timestamp, since the Unix epoch.</summary>
    public long Seconds => bits;

    /// <summary>Of a timestamp within its second; of a duration all.</summary>
    public long Nanoseconds => Kind == CelKind.Timestamp ? extra : bits;

    public CelError AsError => (CelError)reference!;

    /// <summary>The name of a type.</summary>
    public string AsTypeName => (string)reference!;

    /// <summary>What an optional has; null where it has nothing.</summary>
    public CelValue? AsOptional => (CelValue?)reference;

    internal CelAddress AsAddress => (CelAddress)reference!;

    internal CelNetwork AsNetwork => (CelNetwork)reference!;

    public bool IsTrue => Kind == CelKind.Bool && bits != 0;

    /// <summary>An error or unknown: what is made of it is the same.</summary>
    public bool IsFault => Kind >= CelKind.Error;

    /// <summary>It is a text and lies in a buffer.</summary>
    internal bool IsUtf8 => Kind == CelKind.String && reference is not string;

    internal ReadOnlySpan<byte> AsUtf8 => ((byte[])reference!).AsSpan((int)bits, extra);

    /// <summary>For people who look for a fault; not a literal.</summary>
    public override string ToString() => TextForm.Of(this);
}

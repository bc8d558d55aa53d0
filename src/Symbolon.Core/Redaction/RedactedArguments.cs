using System.Buffers;
using System.Collections.Frozen;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Redaction;

/// <summary>
/// A call's arguments as an audit record may hold them: the named ones alone, what looks like a secret replaced, bounded. RFC 8785 with
/// integers only, so it can stand in a record as it is. ADR 0009.
/// </summary>
public static class RedactedArguments
{
    /// <summary>Bytes of the values, in their form in the record.</summary>
    public const int MostBytes = 4096;

    /// <summary>Stands for a value that was taken out.</summary>
    public const string Mark = "[redacted]";

    /// <param name="arguments">An object that <see cref="StrictJson"/> accepted.</param>
    /// <param name="names">Members that may be recorded.</param>
    /// <returns>
    /// <c>{"cut":true,"redacted":2,"value":{…}}</c>: whether something was left out because it is too much, how many values were
    /// replaced or left out because they must not be recorded, and the rest. The first two are absent where they would say no and none.
    /// </returns>
    public static byte[] Of(ReadOnlySpan<byte> arguments, FrozenSet<string> names)
    {
        var value = new ArrayBufferWriter<byte>(256);
        var walk = new RedactionWalk(value);
        walk.Write(arguments, names);

        var whole = new ArrayBufferWriter<byte>(value.WrittenCount + 64);
        var json = new CanonicalJsonWriter(whole);
        json.StartObject();
        if (walk.WasCut) json.Member("cut"u8, true);
        if (walk.Redacted > 0) json.Member("redacted"u8, walk.Redacted);
        json.MemberRaw("value"u8, value.WrittenSpan);
        json.EndObject();
        return whole.WrittenSpan.ToArray();
    }
}

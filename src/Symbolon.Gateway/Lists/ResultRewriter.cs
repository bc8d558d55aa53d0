using Symbolon.Core.Policy;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Lists;

/// <summary>
/// Writes anew the results that may not pass as they are: what a server can do is cut to what the gateway lets through, lists to
/// what this caller may have, and what a client is to bring back is sealed. Everything else in them is copied as it came.
/// </summary>
internal static class ResultRewriter
{
    /// <summary>Of <c>initialize</c> and <c>server/discover</c>: of the capabilities what is relayed, and what this caller has something of.</summary>
    /// <param name="versions">The versions that work through us, which <c>server/discover</c> names: the same as whoever comes with another one is told.</param>
    public static void WriteCapabilities(ReadOnlySpan<byte> id, OutlinedObject result, IReadOnlyList<string> versions, ServerReach reach, Era era, ByteBuffer to)
    {
        Begin(id, to);
        var first = true;
        foreach (var member in result)
        {
            if (member.NameEquals("capabilities"u8)) WriteCut(member.Value, reach, era, Separate(ref first, to));
            else if (member.NameEquals("supportedVersions"u8)) WriteVersions(versions, Separate(ref first, to));
            else if (member.NameEquals("cacheScope"u8)) Separate(ref first, to).Write("\"cacheScope\":\"private\""u8);
            else WriteMember(member, Separate(ref first, to));
        }
        to.Write("}}"u8);
    }

    /// <summary>
    /// One page of a list: what <paramref name="isShown"/> lets pass. <c>nextCursor</c> stays, also behind an empty page.
    /// PROTOCOL.md section 6, Pagination and Caching.
    /// </summary>
    /// <param name="name">Of the list in the result.</param>
    /// <param name="cursor">What stands for the upstream's <c>nextCursor</c>, if it has one.</param>
    /// <param name="maxAge">Milliseconds for which the decision behind the list holds at most.</param>
    public static void WriteList(
        ReadOnlySpan<byte> id, OutlinedObject result, ReadOnlySpan<byte> name, Func<JsonValue, bool> isShown, ReadOnlySpan<byte> cursor, Era era, long maxAge, ByteBuffer to)
    {
        Begin(id, to);
        var first = true;
        var ttl = 0L;
        foreach (var member in result)
        {
            if (member.NameEquals(name)) WriteShown(member, isShown, Separate(ref first, to));
            else if (member.NameEquals("nextCursor"u8))
            {
                if (cursor.IsEmpty) continue;
                Separate(ref first, to).Write("\"nextCursor\":"u8);
                to.Write(cursor);
            }
            else if (era == Era.Modern && member.NameEquals("cacheScope"u8)) { }
            else if (era == Era.Modern && member.NameEquals("ttlMs"u8)) ttl = member.Value.TryGetInt64(out var upstream) ? upstream : 0;
            else WriteMember(member, Separate(ref first, to));
        }
        if (era == Era.Modern)
        {
            Separate(ref first, to).Write("\"cacheScope\":\"private\",\"ttlMs\":"u8);
            WriteNumber(Math.Clamp(ttl, 0, Math.Max(0, maxAge)), to);
        }
        to.Write("}}"u8);
    }

    /// <summary>With another value in the place of one member, or with that member besides.</summary>
    public static void WriteReplaced(ReadOnlySpan<byte> id, OutlinedObject result, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ByteBuffer to)
    {
        Begin(id, to);
        var first = true;
        foreach (var member in result)
            if (!member.NameEquals(name)) WriteMember(member, Separate(ref first, to));
        Separate(ref first, to).Write("\""u8);
        to.Write(name);
        to.Write("\":"u8);
        to.Write(value);
        to.Write("}}"u8);
    }

    private static void WriteShown(JsonMember list, Func<JsonValue, bool> isShown, ByteBuffer to)
    {
        to.Write("\""u8);
        to.Write(list.RawName);
        to.Write("\":["u8);
        var first = true;
        foreach (var item in list.Value.Items)
            if (isShown(item)) Separate(ref first, to).Write(item.Raw);
        to.Write("]"u8);
    }

    private static void WriteCut(JsonValue capabilities, ServerReach reach, Era era, ByteBuffer to)
    {
        to.Write("\"capabilities\":{"u8);
        var first = true;
        foreach (var member in capabilities.Members)
        {
            if (member.NameEquals("tools"u8) || member.NameEquals("logging"u8)
                || (member.NameEquals("prompts"u8) && reach.HasPrompts) || (member.NameEquals("resources"u8) && reach.HasResources)
                || (member.NameEquals("completions"u8) && (reach.HasPrompts || reach.HasResources)))
                WriteMember(member, Separate(ref first, to));
            else if (era == Era.Modern && member.NameEquals("extensions"u8) && ClientCapabilities.HasTasks(capabilities.Raw))
                Separate(ref first, to).Write("\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}"u8);
        }
        to.Write("}"u8);
    }

    private static void WriteVersions(IReadOnlyList<string> ours, ByteBuffer to)
    {
        to.Write("\"supportedVersions\":["u8);
        var first = true;
        foreach (var version in ours)
        {
            Separate(ref first, to).Write("\""u8);
            System.Text.EncodingExtensions.GetBytes(System.Text.Encoding.ASCII, version, to);
            to.Write("\""u8);
        }
        to.Write("]"u8);
    }

    private static void Begin(ReadOnlySpan<byte> id, ByteBuffer to)
    {
        to.Clear();
        to.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        to.Write(id);
        to.Write(",\"result\":{"u8);
    }

    private static void WriteMember(JsonMember member, ByteBuffer to)
    {
        to.Write("\""u8);
        to.Write(member.RawName);
        to.Write("\":"u8);
        to.Write(member.Value.Raw);
    }

    private static ByteBuffer Separate(ref bool first, ByteBuffer to)
    {
        if (!first) to.Write(","u8);
        first = false;
        return to;
    }

    private static void WriteNumber(long value, ByteBuffer to)
    {
        System.Buffers.Text.Utf8Formatter.TryFormat(value, to.GetSpan(20), out var written);
        to.Advance(written);
    }
}

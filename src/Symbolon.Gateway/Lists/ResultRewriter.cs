using Symbolon.Core.Policy;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Lists;

/// <summary>
/// Writes anew the results that may not pass as they are: what a server can do is cut to what the gateway lets through, and lists to
/// what this caller may call. Everything else in them is copied as it came.
/// </summary>
internal static class ResultRewriter
{
    /// <summary>Of <c>initialize</c> and <c>server/discover</c>: only tools and logging remain of the capabilities.</summary>
    /// <param name="versions">The versions that work through us, for the answer of <c>server/discover</c>.</param>
    public static void WriteCapabilities(ReadOnlySpan<byte> id, OutlinedObject result, IReadOnlyList<string> versions, ByteBuffer to)
    {
        Begin(id, to);
        var first = true;
        foreach (var member in result)
        {
            if (member.NameEquals("capabilities"u8)) WriteCut(member.Value, Separate(ref first, to));
            else if (member.NameEquals("supportedVersions"u8)) WriteVersions(member.Value, versions, Separate(ref first, to));
            else if (member.NameEquals("cacheScope"u8)) Separate(ref first, to).Write("\"cacheScope\":\"private\""u8);
            else WriteMember(member, Separate(ref first, to));
        }
        to.Write("}}"u8);
    }

    /// <summary>
    /// Of <c>tools/list</c>, one page: what the caller may call and what is as it was reviewed. <c>nextCursor</c> stays, also behind an
    /// empty page. PROTOCOL.md section 6, Pagination and Caching.
    /// </summary>
    /// <param name="seen">Takes every tool of the page that the manifest names, for the comparison with the review.</param>
    /// <param name="maxAge">Milliseconds for which the decision behind the list holds at most.</param>
    public static void WriteTools(
        ReadOnlySpan<byte> id, OutlinedObject result, JsonValue tools, ServerReach reach, Era era, long maxAge, List<LiveTool> seen, ByteBuffer to)
    {
        Begin(id, to);
        var first = true;
        var ttl = 0L;
        foreach (var member in result)
        {
            if (member.NameEquals("tools"u8)) WriteAllowed(tools, reach, era, seen, Separate(ref first, to));
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

    private static void WriteAllowed(JsonValue tools, ServerReach reach, Era era, List<LiveTool> seen, ByteBuffer to)
    {
        to.Write("\"tools\":["u8);
        var first = true;
        foreach (var tool in tools.Items)
        {
            if (ToolListing.Digest(tool) is not { } digest) continue;
            // What no manifest names is not remembered either: an upstream could make up names without end.
            var toolReach = reach[digest.Name.Value];
            if (toolReach.Tool is not { } reviewed) continue;
            var live = LiveTool.Of(tool, digest, reviewed, era);
            seen.Add(live);
            if (!toolReach.IsAllowed || toolReach.IsSuspended || !DriftWatch.IsReviewed(reviewed, live, era)) continue;
            Separate(ref first, to).Write(tool.Raw);
        }
        to.Write("]"u8);
    }

    private static void WriteCut(JsonValue capabilities, ByteBuffer to)
    {
        to.Write("\"capabilities\":{"u8);
        var first = true;
        foreach (var member in capabilities.Members)
            if (member.NameEquals("tools"u8) || member.NameEquals("logging"u8)) WriteMember(member, Separate(ref first, to));
        to.Write("}"u8);
    }

    private static void WriteVersions(JsonValue versions, IReadOnlyList<string> ours, ByteBuffer to)
    {
        to.Write("\"supportedVersions\":["u8);
        var first = true;
        foreach (var version in versions.Items)
            if (version.TryGetString(out var text) && ours.Contains(text)) Separate(ref first, to).Write(version.Raw);
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

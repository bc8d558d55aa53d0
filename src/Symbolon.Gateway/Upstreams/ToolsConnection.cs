using System.Net;
using System.Text;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Upstreams;

/// <summary>
/// The gateway's own conversation with an upstream in one era, to read its tools: opens, reads every page, closes. Bounded: at most
/// 64 pages and 10,000 tools.
/// </summary>
internal sealed class ToolsConnection(Upstream upstream, CredentialHeader credential, int maxAnswer, CancellationToken cancellation)
{
    private const int MostPages = 64;
    private const int MostTools = 10_000;
    private const string Client = "\"clientInfo\":{\"name\":\"symbolon\",\"version\":\"1\"}";
    private const string ModernMeta =
        "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{},"
        + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"symbolon\",\"version\":\"1\"}}";

    private readonly AnswerEnvelope envelope = new();
    private readonly ByteBuffer answer = new();
    private Slice message;
    private string? session;
    private string? version;

    /// <returns>The tools, or null when the upstream does not speak this era.</returns>
    /// <exception cref="UpstreamFault">It cannot be told now.</exception>
    public async Task<LiveTools?> ReadAsync(Era era)
    {
        try
        {
            if (!(era == Era.Modern ? await DiscoverAsync() : await InitializeAsync())) return null;
            var tools = await ReadPagesAsync(era);
            if (session is not null) await EndAsync();
            return tools;
        }
        catch (HttpRequestException)
        {
            throw UpstreamFault.Unreachable();
        }
        catch (IOException)
        {
            throw UpstreamFault.Unreachable();
        }
        finally
        {
            answer.Clear();
        }
    }

    private async Task<bool> DiscoverAsync()
    {
        version = ProtocolVersions.V20260728;
        return await PostAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{" + ModernMeta + "}}", "server/discover") == HttpStatusCode.OK
            && envelope.Kind == AnswerKind.Result
            && SpeaksModern();
    }

    /// <summary>A legacy server may answer a method that it does not know with a result of its own; one that discovers says its versions.</summary>
    private bool SpeaksModern()
    {
        var text = Message;
        if (!envelope.Member(text, "result"u8).TryGet("supportedVersions"u8, out var versions)) return false;
        foreach (var supported in versions.Items)
            if (supported.TextEquals("2026-07-28"u8)) return true;
        return false;
    }

    private async Task<bool> InitializeAsync()
    {
        version = null;
        var status = await PostAsync(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}," + Client + "}}", null);
        if (status != HttpStatusCode.OK || envelope.Kind != AnswerKind.Result) return false;
        if (!envelope.Member(Message, "result"u8).TryGet("protocolVersion"u8, out var agreed) || !agreed.TryGetString(out var text)) return false;
        if (!ProtocolRevision.TryParse(text, out var revision) || revision.Era != Era.Legacy) return false;
        version = revision.Text;
        await PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", null);
        return true;
    }

    private async Task<LiveTools> ReadPagesAsync(Era era)
    {
        var tools = upstream.Manifest.Tools.ToDictionary(tool => tool.Name.Value, _ => (LiveTool?)null, StringComparer.Ordinal);
        var listed = 0;
        var cursor = "";
        for (var page = 0; page < MostPages; page++)
        {
            var meta = era == Era.Modern ? ModernMeta : "";
            var comma = cursor.Length > 0 && meta.Length > 0 ? "," : "";
            await PostAsync($"{{\"jsonrpc\":\"2.0\",\"id\":{page + 2},\"method\":\"tools/list\",\"params\":{{{cursor}{comma}{meta}}}}}", "tools/list");
            // A server without tools says so by not knowing the method.
            if (envelope.Kind == AnswerKind.Error) return new LiveTools(tools.Values.OfType<LiveTool>());
            if (!TakePage(tools, ref listed)) throw UpstreamFault.Invalid("something else than a list of tools");
            var next = ToolListing.NextCursor(envelope, Message);
            if (!next.IsPresent) return new LiveTools(tools.Values.OfType<LiveTool>());
            cursor = "\"cursor\":" + Encoding.UTF8.GetString(next.In(Message));
        }
        throw UpstreamFault.Invalid($"more than {MostPages} pages of tools");
    }

    /// <param name="tools">The manifest's, by name; others are counted and not kept.</param>
    private bool TakePage(Dictionary<string, LiveTool?> tools, ref int listed)
    {
        if (!ToolListing.TryGetTools(envelope, Message, out var page)) return false;
        foreach (var item in page.Items)
        {
            if (++listed > MostTools) throw UpstreamFault.Invalid($"more than {MostTools} tools");
            if (ToolListing.Digest(item) is { } digest && tools.ContainsKey(digest.Name.Value))
                tools[digest.Name.Value] = new LiveTool(digest.Name.Value, digest.Text, ToolInput.Of(item));
        }
        return true;
    }

    private async Task EndAsync()
    {
        using var request = UpstreamRequest.Delete(upstream.Url, credential, version, session);
        using var response = await upstream.Invoker.SendAsync(request, cancellation);
    }

    private ReadOnlySpan<byte> Message => message.In(answer.Span);

    /// <summary>Sends and reads up to the response; the envelope is Garbage where none came.</summary>
    private async Task<HttpStatusCode> PostAsync(string body, string? method)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        using var request = UpstreamRequest.Post(upstream.Url, bytes, credential, version, session);
        if (version == ProtocolVersions.V20260728) request.Headers.TryAddWithoutValidation(McpHeaders.Method, method);
        using var response = await upstream.Invoker.SendAsync(request, cancellation);
        if (response.Headers.TryGetValues(McpHeaders.Session, out var sessions)) session ??= sessions.FirstOrDefault();
        answer.Clear();
        message = default;
        if (UpstreamAnswer.IsEvents(response)) await ReadEventsAsync(response);
        else if (UpstreamAnswer.IsJson(response))
        {
            await UpstreamAnswer.ReadAllAsync(response, answer, maxAnswer, cancellation);
            message = new Slice(0, answer.Length);
        }
        envelope.Read(Message);
        var status = (int)response.StatusCode;
        var isSpoken = upstream[version == ProtocolVersions.V20260728 ? Era.Modern : Era.Legacy].State == EraState.Spoken;
        // Busy or away for a moment is no answer to what it speaks; nor does one that spoke an era forget it by a 404.
        if (status >= 500 || status is 401 or 403 or 408 or 425 or 429 or (>= 300 and < 400) || (status == 404 && isSpoken)) throw UpstreamFault.Invalid($"status {status}");
        return response.StatusCode;
    }

    private async Task ReadEventsAsync(HttpResponseMessage response)
    {
        var framer = new SseFramer();
        var stream = await response.Content.ReadAsStreamAsync(cancellation);
        do
        {
            while (framer.Next(answer.Writable, out var consumed) is var item and not SseItem.More)
            {
                if (item == SseItem.Event && envelope.Read(framer.Data.In(answer.Span)) is AnswerKind.Result or AnswerKind.Error)
                {
                    message = framer.Data;
                    return;
                }
                answer.Consume(consumed);
            }
            if (answer.Length > maxAnswer) throw UpstreamFault.TooLarge(maxAnswer);
        }
        while (await UpstreamAnswer.ReadMoreAsync(stream, answer, cancellation));
    }

}

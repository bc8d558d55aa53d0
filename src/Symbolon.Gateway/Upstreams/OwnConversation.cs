using System.Net;
using System.Text;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams.Credentials;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Upstreams;

/// <summary>
/// The gateway's own conversation with an upstream in one era: it is nobody's call. One request at a time; the last answer is in
/// <see cref="Envelope"/> and <see cref="Message"/>.
/// </summary>
internal sealed class OwnConversation(Upstream upstream, CredentialHeader credential, int maxAnswer, CancellationToken cancellation)
{
    private const string Client = "clientInfo\":{\"name\":\"symbolon\",\"version\":\"1\"}";

    /// <summary>What clients may be asked for: some servers list a tool only where it was declared.</summary>
    private readonly ClientFeatures features = upstream.Manifest.ClientFeatures;
    private readonly ByteBuffer answer = new();
    private Slice message;

    public AnswerEnvelope Envelope { get; } = new();

    public ReadOnlySpan<byte> Message => message.In(answer.Span);

    /// <summary>Null where the upstream gave none.</summary>
    public string? Session { get; private set; }

    public string? Version { get; private set; }

    /// <returns>False when the upstream does not speak this era.</returns>
    /// <exception cref="UpstreamFault">It cannot be told now.</exception>
    public Task<bool> OpenAsync(Era era) => era == Era.Modern ? DiscoverAsync() : InitializeAsync();

    /// <summary>What every modern request carries.</summary>
    public static string ModernMeta(ClientFeatures features) =>
        "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":" + features.ToCapabilities()
        + ",\"io.modelcontextprotocol/" + Client + "}";

    private async Task<bool> DiscoverAsync()
    {
        Version = ProtocolVersions.V20260728;
        var status = await AskAsync();
        // Refused as a version that it does not speak, by a server that names this very one: it is asked once more. PROTOCOL.md section 2, -32022.
        if (IsNamedInRefusal()) status = await AskAsync();
        return status == HttpStatusCode.OK && Envelope.Kind == AnswerKind.Result && SpeaksModern();

        Task<HttpStatusCode> AskAsync() =>
            PostAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{" + ModernMeta(features) + "}}", "server/discover");
    }

    /// <summary>A legacy server may answer a method that it does not know with a result of its own; one that discovers says its versions.</summary>
    private bool SpeaksModern() => Envelope.Member(Message, "result"u8).TryGet("supportedVersions"u8, out var versions) && NamesModern(versions);

    private bool IsNamedInRefusal() =>
        Envelope.Kind == AnswerKind.Error && Envelope.Member(Message, "error"u8) is var error
        && error.TryGet("code"u8, out var code) && code.TryGetInt64(out var number) && number == -32022
        && error.TryGet("data"u8, out var data) && data.TryGetMember("supported"u8, out var versions) && NamesModern(versions.Value);

    private static bool NamesModern(JsonValue versions)
    {
        foreach (var version in versions.Items)
            if (version.TextEquals("2026-07-28"u8)) return true;
        return false;
    }

    private async Task<bool> InitializeAsync()
    {
        Version = null;
        var status = await PostAsync(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":" + features.ToCapabilities() + ",\"" + Client + "}}", null);
        if (status != HttpStatusCode.OK || Envelope.Kind != AnswerKind.Result) return false;
        if (!Envelope.Member(Message, "result"u8).TryGet("protocolVersion"u8, out var agreed) || !agreed.TryGetString(out var text)) return false;
        if (!ProtocolRevision.TryParse(text, out var revision) || revision.Era != Era.Legacy) return false;
        Version = revision.Text;
        await PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", null);
        return true;
    }

    /// <summary>Ends the session, where there is one.</summary>
    public async Task EndAsync(CancellationToken patience)
    {
        if (Session is null) return;
        using var request = UpstreamRequest.Delete(upstream.Url, credential, Version, Session);
        using var response = await upstream.Invoker.SendAsync(request, patience);
    }

    public void Clear() => answer.Clear();

    /// <summary>Sends and reads up to the response; <see cref="Envelope"/> is garbage where none came.</summary>
    public async Task<HttpStatusCode> PostAsync(string body, string? method)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        using var request = UpstreamRequest.Post(upstream.Url, bytes, credential, Version, Session);
        if (Version == ProtocolVersions.V20260728) request.Headers.TryAddWithoutValidation(McpHeaders.Method, method);
        using var response = await upstream.Invoker.SendAsync(request, cancellation);
        if (response.Headers.TryGetValues(McpHeaders.Session, out var sessions)) Session ??= sessions.FirstOrDefault();
        answer.Clear();
        message = default;
        if (UpstreamAnswer.IsEvents(response)) await ReadEventsAsync(response);
        else if (UpstreamAnswer.IsJson(response))
        {
            await UpstreamAnswer.ReadAllAsync(response, answer, maxAnswer, cancellation);
            message = new Slice(0, answer.Length);
        }
        Envelope.Read(Message);
        var status = (int)response.StatusCode;
        var isSpoken = upstream[Version == ProtocolVersions.V20260728 ? Era.Modern : Era.Legacy].State == EraState.Spoken;
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
                if (item == SseItem.Event && Envelope.Read(framer.Data.In(answer.Span)) is AnswerKind.Result or AnswerKind.Error)
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

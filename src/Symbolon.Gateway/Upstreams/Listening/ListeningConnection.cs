using System.Net;
using System.Text;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams.Credentials;

namespace Symbolon.Gateway.Upstreams.Listening;

/// <summary>
/// One connection on which an upstream tells that its tools changed. It is the gateway's own and nobody's call. PROTOCOL.md sections 1
/// and 6, <c>subscriptions/listen</c>.
/// </summary>
/// <param name="maySpeak">Whether the server may still be told that its session ends.</param>
internal sealed class ListeningConnection(
    Upstream upstream, HttpMessageInvoker invoker, CredentialHeader credential, TimeProvider clock, Func<bool> maySpeak, CancellationToken end)
{
    /// <summary>Time to open a session, or to begin the answer to a subscription.</summary>
    private static readonly TimeSpan Opening = TimeSpan.FromSeconds(20);

    /// <summary>Time to begin the stream of a session: some servers send its headers with the first event only.</summary>
    private static readonly TimeSpan Beginning = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A server may begin a stream, or confirm a subscription, before it has put down whom to tell (the C# SDK does), or send its headers with the first event only: what changed just
    /// before it listens was told to nobody, and is found by a reading so long after.
    /// </summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    /// <summary>Time to take a message of ours that nothing depends on.</summary>
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(1);

    private static readonly string Subscription =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscriptions/listen\",\"params\":{\"notifications\":{\"toolsListChanged\":true}," + OwnConversation.ModernMeta(ClientFeatures.None) + "}}";

    /// <summary>Subscribes in the modern era, and listens until the stream ends.</summary>
    /// <returns>False when it is not offered.</returns>
    public async Task<bool> SubscribeAsync()
    {
        using var request = UpstreamRequest.Post(upstream.Url, Encoding.ASCII.GetBytes(Subscription), credential, ProtocolVersions.V20260728, session: null);
        request.Headers.TryAddWithoutValidation(McpHeaders.Method, "subscriptions/listen");
        using var response = await SendAsync(request, Opening);
        return IsOffered(response) && await ReadAsync(response, Era.Modern, answer: null);
    }

    /// <summary>Opens a legacy session, and listens on its stream until that ends.</summary>
    /// <returns>False when it is not offered. Without a session there is none: it might be the only stream that the server has for anybody.</returns>
    public async Task<bool> ListenAsync()
    {
        using var late = new CancellationTokenSource(Opening, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(end, late.Token);
        var conversation = new OwnConversation(upstream, credential, upstream.Limits.AnswerBytes, deadline.Token);
        try
        {
            var opened = await conversation.OpenAsync(Era.Legacy);
            conversation.Clear();
            if (!opened || conversation.Session is null) return false;
            using var request = UpstreamRequest.Get(upstream.Url, credential, conversation.Version, conversation.Session);
            await using var asked = ReadSettled();
            using var response = await SendAsync(request, Beginning);
            if (!IsOffered(response)) return false;
            return await ReadAsync(response, Era.Legacy, answer => AnswerAsync(conversation, answer));
        }
        finally
        {
            await TryEndAsync(conversation);
        }
    }

    private ITimer ReadSettled() => clock.CreateTimer(_ => upstream.Outdate(), null, Settling, Timeout.InfiniteTimeSpan);

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end, late.Token);
        return await invoker.SendAsync(request, either.Token);
    }

    /// <summary>An answer that says for good that there is no such stream, or the stream.</summary>
    /// <exception cref="UpstreamFault">Neither: it may be had another time.</exception>
    private static bool IsOffered(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (status >= 500 && response.StatusCode != HttpStatusCode.NotImplemented || status is 401 or 403 or 408 or 409 or 425 or 429) throw UpstreamFault.Invalid($"status {status}");
        return response.StatusCode == HttpStatusCode.OK && UpstreamAnswer.IsEvents(response);
    }

    private async Task<bool> ReadAsync(HttpResponseMessage response, Era era, Func<string, Task>? answer)
    {
        await using var settled = ReadSettled();
        // What happened before anybody listened is found by a reading.
        if (era == Era.Legacy) upstream.Outdate();
        await using var stream = await response.Content.ReadAsStreamAsync(end);
        return await new ListeningReader(upstream, era, answer, clock).ReadAsync(stream, end);
    }

    /// <summary>A server that asks whether somebody is there is told so; nothing else is answered for a client.</summary>
    private async Task AnswerAsync(OwnConversation conversation, string answer)
    {
        try
        {
            using var request = UpstreamRequest.Post(upstream.Url, Encoding.UTF8.GetBytes(answer), credential, conversation.Version, conversation.Session);
            using var response = await SendAsync(request, Courtesy);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // Whether it was taken shows in whether the stream goes on.
        }
    }

    private async Task TryEndAsync(OwnConversation conversation)
    {
        conversation.Clear();
        if (!maySpeak()) return;
        using var patience = new CancellationTokenSource(Courtesy, clock);
        try
        {
            await conversation.EndAsync(patience.Token);
        }
        catch (Exception e) when (e is UpstreamFault or HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // A session that nobody ends, the server forgets by itself.
        }
    }
}

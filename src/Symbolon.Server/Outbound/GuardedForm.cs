using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Symbolon.Core.Outbound;

namespace Symbolon.Server.Outbound;

/// <summary>Posts forms to token endpoints through the guard. Where <see cref="GuardedFetch"/> must not ask, nothing is sent either.</summary>
/// <param name="internalHosts">Hosts that may be inside; one with a port may be asked there, and all others on 443 alone.</param>
/// <param name="trust">Null for the certificates that this machine trusts.</param>
internal sealed class GuardedForm(EgressGuard guard, IReadOnlyList<string> internalHosts, TimeProvider clock, X509ChainPolicy? trust = null) : IFormPost, IDisposable
{
    /// <summary>Requests to one endpoint at once; those that come then wait their turn, within the same time.</summary>
    public const int MostAtOnce = 16;

    /// <summary>More that wait for one endpoint are refused at once.</summary>
    public const int MostWaiting = 512;

    /// <summary>For the turn, the connection, the request and the whole answer together.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly NamedHosts named = new(internalHosts);
    private readonly HttpMessageInvoker invoker = new(MakeHandler(guard, new NamedHosts(internalHosts), trust), disposeHandler: true);

    /// <summary>Few: each is in a file that was approved.</summary>
    private readonly ConcurrentDictionary<Uri, Gate> gates = new();

    public Task<FormAnswer> PostAsync(Uri url, IReadOnlyList<KeyValuePair<string, string>> form, string? authorization, int mostBytes, CancellationToken cancellation) =>
        SendAsync(url, new FormUrlEncodedContent(form), authorization is null ? [] : [new("Authorization", authorization)], mostBytes, cancellation);

    public Task<FormAnswer> PostJsonAsync(Uri url, ReadOnlyMemory<byte> json, IReadOnlyList<KeyValuePair<string, string>> headers, int mostBytes, CancellationToken cancellation)
    {
        var content = new ReadOnlyMemoryContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(url, content, headers, mostBytes, cancellation);
    }

    private async Task<FormAnswer> SendAsync(Uri url, HttpContent content, IReadOnlyList<KeyValuePair<string, string>> headers, int mostBytes, CancellationToken cancellation)
    {
        using var sent = content;
        if (!url.IsAbsoluteUri || url.UserInfo.Length > 0) return new FormAnswer.Unanswered("its address is none that is asked");
        if (!named.IsSchemeAllowed(url) || !named.IsPortAllowed(url)) return new FormAnswer.Unanswered("its port or scheme is none that is asked, unless the operator names it");
        var gate = gates.GetOrAdd(url, _ => new Gate());
        if (!gate.TryQueue()) return new FormAnswer.Unanswered("too many requests wait for it already");
        using var deadline = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            using var turn = await gate.EnterAsync(both.Token);
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Version = HttpVersion.Version11, Content = content };
            request.Headers.Accept.ParseAdd("application/json");
            request.Headers.UserAgent.ParseAdd("Symbolon");
            foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
            using var answer = await invoker.SendAsync(request, both.Token);
            var isRead = BoundedBody.IsPlainJson(answer.Content.Headers, orSuffix: false) && (answer.Content.Headers.ContentLength ?? 0) <= mostBytes;
            var body = isRead ? await BoundedBody.ReadAsync(answer.Content, mostBytes, both.Token) : null;
            return new FormAnswer.Answered((int)answer.StatusCode, body is null ? null : (ReadOnlyMemory<byte>?)body);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new FormAnswer.Unanswered("no answer within 10 s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or AuthenticationException or EgressRefusedException or ObjectDisposedException)
        {
            return new FormAnswer.Unanswered(GuardedPost.WordsOf(e));
        }
    }

    public void Dispose()
    {
        invoker.Dispose();
        foreach (var gate in gates.Values) gate.Dispose();
    }

    /// <summary>Callers wait for it, and many at once; what is no answer is not read to its end.</summary>
    private static SocketsHttpHandler MakeHandler(EgressGuard guard, NamedHosts named, X509ChainPolicy? trust)
    {
        var handler = GuardedHandler.Make(guard, named.MayBeInside, Patience, trust);
        handler.MaxResponseDrainSize = 0;
        handler.MaxConnectionsPerServer = MostAtOnce;
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30);
        return handler;
    }

    private sealed class Gate : IDisposable
    {
        private readonly SemaphoreSlim turns = new(MostAtOnce);
        private int asking;

        /// <returns>False when too many are there; else <see cref="EnterAsync"/> must follow.</returns>
        public bool TryQueue()
        {
            if (Interlocked.Increment(ref asking) <= MostAtOnce + MostWaiting) return true;
            Interlocked.Decrement(ref asking);
            return false;
        }

        public async Task<Turn> EnterAsync(CancellationToken cancellation)
        {
            try
            {
                await turns.WaitAsync(cancellation);
                return new Turn(this);
            }
            catch
            {
                Interlocked.Decrement(ref asking);
                throw;
            }
        }

        public void Dispose() => turns.Dispose();

        public sealed class Turn(Gate gate) : IDisposable
        {
            public void Dispose()
            {
                gate.turns.Release();
                Interlocked.Decrement(ref gate.asking);
            }
        }
    }
}

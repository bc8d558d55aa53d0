using System.Net;
using Symbolon.Gateway.Upstreams.Channels;
using Symbolon.Gateway.Upstreams.Credentials;

namespace Symbolon.Gateway.Upstreams.OldSse;

/// <summary>
/// A server of the HTTP+SSE transport (MCP 2024-11-05): a GET opens the one stream on which everything comes, and its first event
/// names where to POST. Opens channels of it.
/// </summary>
/// <param name="invoker">The guarded way to the server's origin, and to no other.</param>
/// <param name="credential">What the server is shown now, asked for at each request.</param>
/// <param name="mostBytes">Of one message of the server.</param>
internal sealed class SseServer(HttpMessageInvoker invoker, Uri url, Func<CredentialHeader> credential, int mostBytes, TimeProvider clock) : IChannelFactory
{
    /// <summary>Time for the server to take one message.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public int MostBytes => mostBytes;

    public async ValueTask<IMessageChannel> OpenAsync(CancellationToken cancellation)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await invoker.SendAsync(UpstreamRequest.Get(url, Usable(), version: null, session: null), cancellation);
            if (response.StatusCode != HttpStatusCode.OK || !UpstreamAnswer.IsEvents(response)) throw UpstreamFault.Invalid("without a stream of events");
            var stream = await response.Content.ReadAsStreamAsync(cancellation);
            var cutter = new EventCutter(mostBytes);
            while (cutter.Endpoint is null)
            {
                var read = await stream.ReadAsync(cutter.Room, cancellation);
                if (read == 0 || !cutter.Take(read, listener: null)) throw UpstreamFault.Invalid("without an endpoint to send to");
            }
            var channel = new SseChannel(this, EndpointOf(cutter.Endpoint), response, stream, cutter);
            response = null;
            return channel;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw UpstreamFault.Unreachable();
        }
        finally
        {
            response?.Dispose();
        }
    }

    /// <param name="identity">Of whom the server is told, where it is; null for the gateway itself.</param>
    public async Task<Taking> PostAsync(Uri endpoint, ReadOnlyMemory<byte> message, string? identity, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            using var request = UpstreamRequest.Post(endpoint, message, Usable(identity), version: null, session: null);
            using var response = await invoker.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode ? Taking.Taken
                : response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone ? Taking.Gone
                : Taking.Refused;
        }
        catch (Exception e) when (e is UpstreamFault or OperationCanceledException)
        {
            return Taking.Refused;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Taking.Gone;
        }
    }

    /// <summary>Messages and the credential go to the approved origin alone, whatever the server names.</summary>
    private Uri EndpointOf(string named) =>
        Uri.TryCreate(url, named, out var endpoint) && endpoint.UserInfo.Length == 0
            && Uri.Compare(endpoint, url, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0
            ? endpoint
            : throw UpstreamFault.Invalid("with an endpoint of another origin");

    private CredentialHeader Usable(string? identity) => (identity, Usable()) is ({ } token, CredentialHeader.Identified shown) ? shown.Saying(token) : Usable();

    private CredentialHeader Usable() => credential() is var shown and not CredentialHeader.Unusable ? shown : throw UpstreamFault.Unreachable();
}

/// <summary>What became of a message to an old server.</summary>
internal enum Taking
{
    Taken,

    /// <summary>This message was not taken; others may be.</summary>
    Refused,

    /// <summary>The server does not know the stream any more, or cannot be reached.</summary>
    Gone,
}

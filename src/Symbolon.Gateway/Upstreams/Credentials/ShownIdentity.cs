using System.Text;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.Gateway.Upstreams.Credentials;

/// <summary>Who asks, in one request header of a server that wants to know: a token of its own for each request.</summary>
/// <param name="mint">Null when none can be made.</param>
internal sealed class ShownIdentity(string name, Func<string?> mint)
{
    /// <summary>Of a stream that is taken up for long, what was shown last is looked for in answers.</summary>
    private const int MostKept = 8;

    private readonly Lock gate = new();
    private readonly Queue<byte[]> shown = new();
    private string? next;

    public string Name => name;

    /// <summary>Makes the first one now.</summary>
    /// <returns>False when none can be made.</returns>
    public bool TryPrepare() => (next = mint()) is not null;

    /// <exception cref="HttpRequestException">None can be made: a server that is not told who asks might take that for an answer, so nothing goes out.</exception>
    public void AddTo(HttpRequestMessage request)
    {
        var token = Interlocked.Exchange(ref next, null) ?? mint() ?? throw new HttpRequestException("There is no key at this moment to sign what the server is told of the caller.");
        lock (gate)
        {
            if (shown.Count == MostKept) shown.Dequeue();
            shown.Enqueue(Encoding.ASCII.GetBytes(token));
        }
        request.Headers.TryAddWithoutValidation(name, token);
        ChannelCaller.MarkIdentity(request, token);
    }

    public bool IsIn(ReadOnlySpan<byte> message)
    {
        lock (gate)
            foreach (var token in shown)
                if (message.IndexOf(token) >= 0) return true;
        return false;
    }

    public override string ToString() => name;
}

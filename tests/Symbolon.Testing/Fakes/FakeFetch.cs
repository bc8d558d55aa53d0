using System.Collections.Concurrent;
using System.Text;
using Symbolon.Core.Outbound;

namespace Symbolon.Testing.Fakes;

/// <summary>Documents by their address; what is not there is refused.</summary>
public sealed class FakeFetch : IFetch
{
    private readonly ConcurrentDictionary<string, FetchAnswer> answers = new(StringComparer.Ordinal);

    /// <summary>Every address that was asked for, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Happens while an answer is on its way.</summary>
    public Func<Task>? Meanwhile { get; set; }

    public void Put(string address, string json, TimeSpan? maxAge = null) => answers[address] = new FetchAnswer.Found(Encoding.UTF8.GetBytes(json), maxAge);

    public void Put(string address, FetchAnswer answer) => answers[address] = answer;

    public async Task<FetchAnswer> GetJsonAsync(Uri url, int mostBytes, CancellationToken cancellation)
    {
        Asked.Enqueue(url.OriginalString);
        var answer = answers.GetValueOrDefault(url.OriginalString, new FetchAnswer.Refused());
        if (Meanwhile is { } meanwhile) await meanwhile();
        return answer is FetchAnswer.Found found && found.Body.Length > mostBytes ? new FetchAnswer.Refused() : answer;
    }
}

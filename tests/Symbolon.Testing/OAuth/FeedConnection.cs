using System.IO.Pipelines;
using System.Text;
using Symbolon.Jose;

namespace Symbolon.Testing.OAuth;

/// <summary>The server's end of one connection to the feed of revocations.</summary>
public sealed class FeedConnection(PipeWriter writer, TimeProvider clock, CancellationToken cancellation)
{
    public long Now => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public CancellationToken Cancellation => cancellation;

    /// <summary>What the feed calls a target.</summary>
    public static string Hash(string level, string target) => Sha256Value.Of(Encoding.UTF8.GetBytes($"{level}\n{target}")).ToString();

    public static string EpochOf(string level, string target, long notBefore) => $$"""{"level":"{{level}}","target":"{{Hash(level, target)}}","not_before":{{notBefore}}}""";

    public static string TargetOf(string level, string target) => $$"""{"level":"{{level}}","target":"{{Hash(level, target)}}"}""";

    public Task StateAsync(long? now = null, string epochs = "", string inactive = "") =>
        SendAsync("state", $$"""{"now":{{now ?? Now}},"epochs":[{{epochs}}],"inactive":[{{inactive}}]}""");

    public Task CurrentAsync(long? now = null) => SendAsync("current", $$"""{"now":{{now ?? Now}}}""");

    public Task SendAsync(string name, string json) => SendRawAsync($"event: {name}\ndata: {json}\n\n");

    public async Task SendRawAsync(string text) => await writer.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);

    public ValueTask EndAsync() => writer.CompleteAsync();
}

using System.Globalization;
using System.Net;
using Symbolon.Testing.Processes;

namespace Symbolon.Bench;

/// <summary>What an open call costs on which nothing comes: both connections, their buffers, and what is known of the call.</summary>
internal static class IdleStreams
{
    private const int Streams = 1000;

    /// <returns>KB of resident memory for each open stream.</returns>
    public static async Task<double> MeasureAsync(SymbolonProcess symbolon, Uri minimal)
    {
        using var setup = new Setup(symbolon);
        await setup.ServerAsync("hold", new Uri(minimal, "/hold"), Setup.Reads(Fleet.ReadTool));
        var token = (await setup.TokenAsync("hold")).Secret;
        var server = Server.Of(symbolon.ProcessId);
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Streams }) { Timeout = Timeout.InfiniteTimeSpan };
        using var end = new CancellationTokenSource();
        var before = server.ResidentMegabytes();
        var calls = Enumerable.Range(0, Streams).Select(_ => HoldAsync(client, new Uri(symbolon.Url, "/t/mcp/hold"), token, end.Token)).ToArray();
        await Deadline.ForAsync("all calls to be held", async () =>
            int.Parse(await client.GetStringAsync(new Uri(minimal, "/held")), CultureInfo.InvariantCulture) == Streams ? "held" : null, TimeSpan.FromSeconds(40));
        var after = server.ResidentMegabytes();
        await end.CancelAsync();
        await Task.WhenAll(calls);
        return (after - before) * 1000 / Streams;
    }

    private static async Task HoldAsync(HttpClient client, Uri url, string token, CancellationToken end)
    {
        try
        {
            using var request = Load.Call(url, Fleet.ReadTool, """{"key":"x"}""", token);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end);
            if (answer.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"A held call was answered {(int)answer.StatusCode}.");
            await answer.Content.CopyToAsync(Stream.Null, end);
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }
}

using Symbolon.Core.Tools;
using Symbolon.Gateway.Upstreams.Credentials;

namespace Symbolon.Gateway.Upstreams.Listening;

/// <summary>
/// The one stream of this node to one upstream, over all its reconnections. The modern subscription where that is offered, else the
/// stream of a legacy session.
/// </summary>
/// <param name="invoker">The way out that it was started with; another one needs another stream.</param>
internal sealed class ListeningStream(Upstream upstream, HttpMessageInvoker invoker, CredentialHeader credential, TimeProvider clock, ReconnectPause pause) : IDisposable
{
    private readonly CancellationTokenSource end = new();
    private volatile bool isForbidden;

    /// <summary>Completes when it is over; never fails.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    public Upstream Upstream => upstream;

    public void Start() => Running = Task.Run(RunAsync);

    public bool IsFor(Upstream other, CredentialHeader shown) => ReferenceEquals(upstream, other) && ReferenceEquals(invoker, other.Invoker) && credential == shown;

    /// <param name="forbidden">The server is not approved any more: not even the end of the session is told to it.</param>
    public void End(bool forbidden)
    {
        if (forbidden) isForbidden = true;
        end.Cancel();
    }

    public void Dispose() => end.Dispose();

    private async Task RunAsync()
    {
        try
        {
            while (!end.IsCancellationRequested)
            {
                var began = clock.GetTimestamp();
                var ended = await TryAsync();
                await Task.Delay(pause.After(ended, clock.GetElapsedTime(began)), clock, end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested) { }
    }

    private async Task<ListeningEnd> TryAsync()
    {
        try
        {
            if (upstream[Era.Modern].State == EraState.Spoken && await Connect().SubscribeAsync()) return ListeningEnd.Ended;
            if (upstream[Era.Legacy].State == EraState.Spoken && await Connect().ListenAsync()) return ListeningEnd.Ended;
            return ListeningEnd.NotOffered;
        }
        catch (Exception e) when (e is UpstreamFault or HttpRequestException or IOException or ObjectDisposedException)
        {
            return ListeningEnd.Failed;
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return ListeningEnd.Failed;
        }
    }

    private ListeningConnection Connect() => new(upstream, invoker, credential, clock, () => !isForbidden, end.Token);
}

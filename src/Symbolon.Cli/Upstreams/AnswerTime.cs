namespace Symbolon.Cli.Upstreams;

/// <summary>How long a server may take.</summary>
internal static class AnswerTime
{
    /// <summary>For one answer.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(15);

    /// <exception cref="UpstreamException">It took longer, or broke off.</exception>
    public static async Task<T> WithinAsync<T>(TimeSpan patience, Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            return await work(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new UpstreamException($"It did not answer within {patience.TotalSeconds:0} s.");
        }
        catch (Exception fault) when (fault is IOException or HttpIOException)
        {
            throw new UpstreamException($"The answer broke off: {fault.Message}");
        }
    }
}

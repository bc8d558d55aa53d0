namespace Symbolon.Cli.Streams;

/// <summary>Reads from a stream whose other end speaks now and then: longer silence means that it is gone, though nobody closed the connection.</summary>
internal sealed class WatchedStream(Stream inner, TimeSpan silence, TimeProvider clock) : ReadOnlyStream(inner)
{
    /// <exception cref="IOException">Nothing came for as long as that.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var patience = new CancellationTokenSource(silence, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await Inner.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"The other end said nothing for {silence.TotalSeconds:0} s.");
        }
    }
}

using Symbolon.Cli.Streams;

namespace Symbolon.Cli.Upstreams;

/// <summary>Reads from a stream that may not have more than so many bytes.</summary>
internal sealed class LimitedStream(Stream inner, long most) : ReadOnlyStream(inner)
{
    private long read;

    /// <exception cref="UpstreamException">The stream has more than it may.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await Inner.ReadAsync(buffer, cancellationToken);
        read += count;
        return read <= most ? count : throw new UpstreamException($"An answer is longer than {most / 1024 / 1024} MiB.");
    }
}

/// <summary>What a server sent is not what the protocol says.</summary>
internal sealed class UpstreamException(string message) : Exception(message);

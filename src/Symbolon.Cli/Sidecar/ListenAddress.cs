using System.Net;
using System.Text;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Sidecar;

/// <summary>Where the sidecar listens: for this user alone, or on loopback.</summary>
internal abstract record ListenAddress
{
    private const string UnixPrefix = "unix:";

    /// <summary>Of <c>sun_path</c>, less the zero at its end.</summary>
    private const int MostPathBytes = 107;

    private ListenAddress() { }

    /// <param name="Path">In full. Who may open it is said by its mode, 0600.</param>
    public sealed record Unix(string Path) : ListenAddress
    {
        public override string ToString() => UnixPrefix + Path;
    }

    /// <summary>Every user of the machine can connect, so a secret is asked for.</summary>
    public sealed record Loopback(IPEndPoint EndPoint) : ListenAddress
    {
        public override string ToString() => $"http://{EndPoint}";
    }

    /// <exception cref="CommandException">It is neither <c>unix:PATH</c> nor a loopback address with a port.</exception>
    public static ListenAddress Parse(string text)
    {
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal)) return Socket(text[UnixPrefix.Length..]);
        if (!IPEndPoint.TryParse(text, out var address) || address.Port == 0)
            throw CommandException.Usage($"--listen takes unix:PATH, or 127.0.0.1:PORT with a port from 1 to 65535, not {text}.");
        return IPAddress.IsLoopback(address.Address)
            ? new Loopback(address)
            : throw CommandException.Usage($"--listen is {address}: the sidecar speaks in the server's name, so it listens on loopback only.");
    }

    /// <inheritdoc cref="Parse"/>
    public static ListenAddress Socket(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal)) throw CommandException.Usage("--listen unix:PATH needs a path.");
        var whole = Path.GetFullPath(path);
        return Encoding.UTF8.GetByteCount(whole) <= MostPathBytes
            ? new Unix(whole)
            : throw CommandException.Usage($"The path of a socket is at most {MostPathBytes} bytes long; {whole} is longer. Name another with --listen unix:PATH.");
    }
}

using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Symbolon.EndToEndTests.Crowds;

/// <summary>What the running program holds, as the kernel sees it.</summary>
internal static class GatewayProcess
{
    /// <summary>Of /proc/net/tcp: the states of a connection that somebody still holds open.</summary>
    private static readonly string[] Held = ["01", "08"]; // established, close wait

    private static readonly byte[] Magic = [.. "DOTNET_IPC_V1\0"u8];

    /// <summary>MiB in memory.</summary>
    public static long Resident(int process) => long.Parse(
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;

    /// <summary>Connections of callers to this port of loopback.</summary>
    public static int Connections(int port) => HeldAt(port).Count();

    /// <summary>Whether it holds no connection to this port of a caller any more.</summary>
    public static bool IsLetGo(int port, int caller)
    {
        var remote = string.Create(CultureInfo.InvariantCulture, $":{caller:X4}");
        return !HeldAt(port).Any(columns => columns[2].EndsWith(remote, StringComparison.Ordinal));
    }

    private static IEnumerable<string[]> HeldAt(int port)
    {
        var local = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        return File.ReadLines("/proc/net/tcp").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns[1].EndsWith(local, StringComparison.Ordinal) && Held.Contains(columns[3]));
    }

    /// <summary>
    /// Has the runtime of the process collect its garbage: over its diagnostic socket, a trace is asked for with the keyword that begins with a full collection.
    /// </summary>
    public static async Task CollectAsync(int process, CancellationToken cancellation)
    {
        const ulong CollectHeap = 0x800000; // GCHeapCollectKeyword of Microsoft-Windows-DotNETRuntime
        const int Information = 4;
        // Those who were killed leave theirs behind, and their number comes again.
        var address = Directory.EnumerateFiles(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"dotnet-diagnostic-{process}-*-socket")).MaxBy(File.GetCreationTimeUtc)!;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(address), cancellation);
        var payload = new MemoryStream();
        await using var writer = new BinaryWriter(payload);
        writer.Write(Magic);
        writer.Write((ushort)0); // the size, when it is known
        writer.Write([(byte)2, (byte)2, (byte)0, (byte)0]); // EventPipe, CollectTracing
        writer.Write(1u); // MiB of buffer
        writer.Write(1u); // NetTrace
        writer.Write(1u); // one provider
        writer.Write(CollectHeap);
        writer.Write((uint)Information);
        Write(writer, "Microsoft-Windows-DotNETRuntime");
        writer.Write(0u); // no filter
        var message = payload.ToArray();
        BitConverter.TryWriteBytes(message.AsSpan(Magic.Length), (ushort)message.Length);
        await socket.SendAsync(message, cancellation);
        // The collection runs before the session is told to have begun; closing the socket ends it.
        var began = new byte[Magic.Length + 6 + 8];
        await using var stream = new NetworkStream(socket);
        await stream.ReadExactlyAsync(began, cancellation);
        if (began[Magic.Length + 3] != 0) throw new InvalidOperationException("The runtime began no trace.");
    }

    private static void Write(BinaryWriter writer, string text)
    {
        writer.Write((uint)text.Length + 1);
        writer.Write(Encoding.Unicode.GetBytes(text + '\0'));
    }
}

using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>What the process that hosts the gateway says about servers that are processes.</summary>
public sealed record StdioHost
{
    /// <summary>Whether all listeners are on loopback. Asked at every start of a process.</summary>
    public required Func<bool> ListensOnLoopbackAlone { get; init; }

    /// <summary>The program that supervises a server's process, and its first arguments; empty where there is none.</summary>
    public IReadOnlyList<string> Supervisor { get; init; } = [];

    /// <summary>A folder that nobody but our user can enter, for secrets that processes read; made when it is first asked for. Null where there is none.</summary>
    public Func<string>? SecretFolder { get; init; }

    /// <summary>
    /// Connects to the runner that starts the processes in our place, or throws <see cref="SocketException"/>; null where they are
    /// children of ours. Called for each process.
    /// </summary>
    public Func<CancellationToken, ValueTask<Socket>>? ConnectRunner { get; init; }

    /// <summary>The user who must be at the other end of such a connection; null for any but, off loopback, our own.</summary>
    public uint? RunnerUser { get; init; }

    /// <summary>Why no process is started here, for whoever calls a server that needs one; null where it may be.</summary>
    public string? WhyNot() =>
        !OperatingSystem.IsLinux() ? "This server is a process; Symbolon starts processes on Linux only."
        : ConnectRunner is not null ? null
        : !ListensOnLoopbackAlone() ? "This server is a process; Symbolon starts processes only while it listens on loopback alone, or by 'symbolon runner'."
        : Supervisor.Count == 0 ? "This server is a process; the program 'symbolon' that would supervise it is not in the folder of this application."
        : null;

    /// <summary>The supervisor that lies beside this program, which is another face of it.</summary>
    /// <param name="folder">The program's own folder.</param>
    public static IReadOnlyList<string> SupervisorIn(string folder)
    {
        var program = Path.Combine(folder, "symbolon");
        if (File.Exists(program)) return [program];
        // As an installed tool it has no program of its own, only the runtime's.
        var assembly = program + ".dll";
        return File.Exists(assembly) && Environment.ProcessPath is { } runtime ? [runtime, assembly] : [];
    }

    /// <summary>Where the runtime is that the supervisor needs, as this process has it.</summary>
    internal static string RuntimeFolder { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
}

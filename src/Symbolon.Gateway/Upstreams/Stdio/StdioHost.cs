using System.Runtime.InteropServices;

namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>What the process that hosts the gateway says about servers that are processes.</summary>
public sealed record StdioHost
{
    /// <summary>Why none is started here, for whoever calls one; null where they may be.</summary>
    public string? Refusal { get; init; }

    /// <summary>The program that supervises a server's process, and its first arguments.</summary>
    public IReadOnlyList<string> Supervisor { get; init; } = [];

    /// <summary>Processes of one server at once, over all callers and sessions. Default 16.</summary>
    public int MostProcesses { get; init; } = 16;

    /// <summary>Bytes of data that each process of a server may have; address space that is only reserved does not count. Default 2 GiB, 0 for no limit.</summary>
    public long Memory { get; init; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Seconds of processor time that each process of a server may use up in its life. Default 0, no limit.</summary>
    public long Cpu { get; init; }

    /// <param name="listensOnLoopbackAlone">Whether all listeners are on loopback.</param>
    /// <param name="folder">The program's own folder.</param>
    public static StdioHost For(bool listensOnLoopbackAlone, string folder)
    {
        if (!OperatingSystem.IsLinux()) return new StdioHost { Refusal = "This server is a process; Symbolon starts processes on Linux only." };
        if (!listensOnLoopbackAlone)
            return new StdioHost { Refusal = "This server is a process; Symbolon starts processes only while it listens on loopback alone." };
        var program = Path.Combine(folder, "symbolon");
        if (File.Exists(program)) return new StdioHost { Supervisor = [program] };
        // As an installed tool it has no program of its own, only the runtime's.
        var assembly = program + ".dll";
        return File.Exists(assembly) && Environment.ProcessPath is { } runtime
            ? new StdioHost { Supervisor = [runtime, assembly] }
            : new StdioHost { Refusal = "This server is a process; the program 'symbolon' that would supervise it is not in the folder of this application." };
    }

    /// <summary>Where the runtime is that the supervisor needs, as this process has it.</summary>
    internal static string RuntimeFolder { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
}

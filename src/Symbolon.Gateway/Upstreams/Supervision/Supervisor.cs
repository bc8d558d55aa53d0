using System.Collections;
using System.Runtime.InteropServices;
using Symbolon.Core.Registry;

namespace Symbolon.Gateway.Upstreams.Supervision;

/// <summary>
/// A process of its own between the gateway and one server's process, with the same standard streams. It adopts whatever the server
/// leaves behind, and ends all of it when the server ends, when it is told to, and when the gateway is gone, killed or not.
/// </summary>
public static class Supervisor
{
    /// <summary>First argument of the program by which it is this.</summary>
    public const string Command = "stdio-supervisor";

    private const int Refused = 125;
    private const int Changed = 126;
    private const int NotStarted = 127;
    private const ulong MostOpenFiles = 4096;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KillWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private static int ending;

    /// <param name="arguments">What <see cref="SupervisorOrder"/> wrote.</param>
    /// <param name="files">As this process sees them. They were compared before it was started; since then so much time has passed as it takes to start it.</param>
    /// <returns>The server's exit code, 128 and the signal that ended it, or 125, 126 (a file is not the one that was approved) and 127 where it never ran.</returns>
    public static int Run(string[] arguments, IPinnedFiles files, TextWriter errors)
    {
        if (!OperatingSystem.IsLinux() || SupervisorOrder.Read(arguments) is not { } order) return Refused;
        if (!Native.BecomeSessionLeader() || !Native.AdoptOrphans() || Native.ParentId() != order.Owner) return Refused;
        // Before the limits: they are the server's, and reading a large program takes processor time.
        if (CommandPin.CheckAsync(order.ToAddress(), files, CancellationToken.None).GetAwaiter().GetResult() is { } fault)
        {
            errors.WriteLine($"The program was not started: {fault.Message}");
            return Changed;
        }
        Native.Limit(Native.CoreBytes, 0);
        Native.Limit(Native.OpenFiles, MostOpenFiles);
        if (order.Memory > 0) Native.Limit(Native.DataBytes, (ulong)order.Memory);
        if (order.Cpu > 0) Native.Limit(Native.CpuSeconds, (ulong)order.Cpu);

        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
        Native.KeepDescriptors();
        var server = Native.Spawn(order.Command, Variables());
        if (server < 0)
        {
            errors.WriteLine($"The program was not started: error {-server}.");
            return NotStarted;
        }
        new Thread(() => AwaitOwner(order.Owner)) { IsBackground = true }.Start();
        new Thread(() => AwaitExcess(order, errors)) { IsBackground = true }.Start();
        return Reap(server);
    }

    /// <summary>Lets go of every child that ends, own and adopted, until none is left.</summary>
    private static int Reap(int server)
    {
        var code = 0;
        while (Native.Reap(out var status) is var ended and > 0)
        {
            if (ended != server) continue;
            code = (status & 0x7F) == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F);
            End();
        }
        return code;
    }

    private static void AwaitOwner(int owner)
    {
        if (!Native.AwaitParentsEnd(owner))
            while (Native.ParentId() == owner) Thread.Sleep(Look);
        End();
    }

    private static void AwaitExcess(SupervisorOrder order, TextWriter errors)
    {
        errors.WriteLine(new TreeWatch(order).Await());
        errors.Flush();
        Kill();
    }

    private static void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        End();
    }

    private static void End()
    {
        if (Interlocked.Exchange(ref ending, 1) == 0) new Thread(EndAll) { IsBackground = true }.Start();
    }

    /// <summary>No time to end in order: what has too much would have more by then.</summary>
    private static void Kill()
    {
        if (Interlocked.Exchange(ref ending, 1) == 0) ProcessTable.Kill(Mine, KillWithin, TimeProvider.System);
    }

    private static void EndAll()
    {
        foreach (var process in Mine()) Native.Signal(process, Native.Terminate);
        if (!ProcessTable.Await(Mine, Grace, TimeProvider.System)) ProcessTable.Kill(Mine, KillWithin, TimeProvider.System);
    }

    private static List<int> Mine() => ProcessTable.DescendantsOf(Environment.ProcessId);

    /// <summary>Its own environment is the server's, but for what its own runtime was told.</summary>
    private static List<string> Variables() =>
        [.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(variable => (Name: (string)variable.Key, Value: (string?)variable.Value))
            .Where(variable => !variable.Name.StartsWith("DOTNET_", StringComparison.OrdinalIgnoreCase))
            .Select(variable => $"{variable.Name}={variable.Value}")];
}

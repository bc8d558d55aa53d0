using System.Globalization;

namespace Symbolon.Gateway.Upstreams.Supervision;

/// <summary>
/// Looks at a server's process together with all that it has started: limits of the kernel's own hold for each process alone, so that a server
/// passes them by starting more.
/// </summary>
internal sealed class TreeWatch(SupervisorOrder order)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);

    /// <summary>Returns when there is too much of it; never without a limit.</summary>
    /// <returns>What there is too much of, for the log.</returns>
    public string Await()
    {
        while (true)
        {
            Thread.Sleep(order is { Processes: 0, Total: 0 } ? Timeout.InfiniteTimeSpan : Between);
            if (Excess(ProcessTable.Below(Environment.ProcessId)) is { } excess) return excess;
        }
    }

    private string? Excess(List<int> tree)
    {
        if (order.Processes > 0 && tree.Count > order.Processes)
            return string.Create(CultureInfo.InvariantCulture, $"The server and what it started are {tree.Count} processes, more than {order.Processes} (limits.processChildren).");
        var bytes = order.Total > 0 ? tree.Sum(ProcessTable.MemoryOf) : 0;
        return bytes > order.Total
            ? string.Create(CultureInfo.InvariantCulture, $"The server and what it started have {bytes >> 20} MiB, more than {order.Total >> 20} (limits.processTotalMemory).")
            : null;
    }
}

using System.Diagnostics;
using System.Globalization;

namespace Symbolon.Bench;

/// <summary>A process under measurement, with its children; ended with the bench.</summary>
internal sealed class Server : IAsyncDisposable
{
    private const double TicksPerSecond = 100;
    private readonly int id;
    private readonly Process? owned;

    private Server(int id, Process? owned) => (this.id, this.owned) = (id, owned);

    /// <summary>A process that somebody else started and ends.</summary>
    public static Server Of(int id) => new(id, null);

    /// <summary>Starts a program whose output goes to a file in <paramref name="folder"/>.</summary>
    public static Server Start(string folder, string name, string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec \"$0\" \"$@\" >>'{folder}/{name}.log' 2>&1", program, .. arguments])
        {
            RedirectStandardInput = true,
        };
        var process = Process.Start(start)!;
        return new Server(process.Id, process);
    }

    /// <summary>The last process below this one that runs a program, by a text of its command line.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public Server Below(string program) => Of(Tree().Last(each =>
        each != id && File.ReadAllText($"/proc/{each}/cmdline").Contains(program, StringComparison.Ordinal)));

    /// <summary>User and system time so far of the process and its children, in microseconds.</summary>
    public double CpuMicroseconds() => Tree().Sum(Ticks) / TicksPerSecond * 1e6;

    /// <summary>Resident memory of the process and its children, in MB of a million bytes.</summary>
    public double ResidentMegabytes() => Tree().Sum(Resident) * 1024 / 1e6;

    private List<int> Tree()
    {
        List<int> tree = [id];
        for (var i = 0; i < tree.Count; i++)
        {
            // A child is its thread's, not its process's.
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{tree[i]}/task"))
                tree.AddRange(ChildrenOf(thread).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture)));
        }
        return tree;
    }

    private static string ChildrenOf(string thread)
    {
        try
        {
            return File.ReadAllText($"{thread}/children");
        }
        catch (IOException)
        {
            // The thread has ended since; its children are another's now.
            return "";
        }
    }

    private static double Ticks(int id)
    {
        // The name in parentheses may hold spaces; the fields are counted from behind it.
        var stat = File.ReadAllText($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private static double Resident(int id)
    {
        var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(each => each.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (owned is null) return;
        if (!owned.HasExited) owned.Kill(entireProcessTree: true);
        await owned.WaitForExitAsync();
        owned.Dispose();
    }
}

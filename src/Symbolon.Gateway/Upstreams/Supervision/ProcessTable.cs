using System.Globalization;

namespace Symbolon.Gateway.Upstreams.Supervision;

/// <summary>The processes of this machine as <c>/proc</c> shows them, to find what belongs to a server.</summary>
internal static class ProcessTable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    /// <summary>All living processes below this one, however far.</summary>
    public static List<int> DescendantsOf(int ancestor)
    {
        var children = Read().ToLookup(process => process.Parent, process => process.Id);
        var found = new List<int>();
        var next = new Queue<int>([ancestor]);
        while (next.TryDequeue(out var parent))
            foreach (var child in children[parent])
            {
                found.Add(child);
                next.Enqueue(child);
            }
        return found;
    }

    /// <summary>As <see cref="DescendantsOf"/>, asking the processes below alone: cheap enough to do it over and over.</summary>
    public static List<int> Below(int ancestor)
    {
        List<int> found = [ancestor];
        for (var i = 0; i < found.Count; i++)
            foreach (var thread in Threads(found[i]))
                foreach (var child in (Read(thread + "/children") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    found.Add(int.Parse(child, CultureInfo.InvariantCulture));
        // Not every kernel lists children.
        return found.Count > 1 ? found[1..] : DescendantsOf(ancestor);
    }

    /// <summary>Bytes of memory that the process shares with no file: what it would give back by ending.</summary>
    public static long MemoryOf(int process) =>
        Read($"/proc/{process}/statm")?.Split(' ') is [_, var resident, var shared, ..]
            ? Math.Max(0, long.Parse(resident, CultureInfo.InvariantCulture) - long.Parse(shared, CultureInfo.InvariantCulture)) * Environment.SystemPageSize : 0;

    public static List<int> InSession(int session) => [.. Read().Where(process => process.Session == session).Select(process => process.Id)];

    /// <summary>Kills all that are found, and what these have started meanwhile, until none is left.</summary>
    /// <returns>False when some are left at the end of the time.</returns>
    public static bool Kill(Func<List<int>> find, TimeSpan within, TimeProvider clock)
    {
        var started = clock.GetTimestamp();
        while (find() is { Count: > 0 } left)
        {
            if (clock.GetElapsedTime(started) > within) return false;
            // Stopped first, all of them: what is stopped starts nothing while the others die.
            foreach (var process in left) Native.Signal(process, Native.Stop);
            foreach (var process in left) Native.Signal(process, Native.Kill);
            Thread.Sleep(Between);
        }
        return true;
    }

    /// <returns>False when some are left at the end of the time.</returns>
    public static bool Await(Func<List<int>> find, TimeSpan within, TimeProvider clock)
    {
        var started = clock.GetTimestamp();
        while (find().Count > 0)
        {
            if (clock.GetElapsedTime(started) > within) return false;
            Thread.Sleep(Between);
        }
        return true;
    }

    private static List<Row> Read()
    {
        var rows = new List<Row>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) continue;
            if (Parse(id, Read(folder + "/stat")) is { } row) rows.Add(row);
        }
        return rows;
    }

    /// <returns>Null when the process has ended meanwhile.</returns>
    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] Threads(int process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process}/task");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>After the name, which may have any characters: state, parent, process group, session. The dead are not counted.</summary>
    private static Row? Parse(int id, string? status)
    {
        if (status is null || status.LastIndexOf(')') is not (> 0 and var name)) return null;
        var fields = status[(name + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields is [not ("Z" or "X"), var parent, _, var session, ..]
            ? new Row(id, int.Parse(parent, CultureInfo.InvariantCulture), int.Parse(session, CultureInfo.InvariantCulture)) : null;
    }

    private readonly record struct Row(int Id, int Parent, int Session);
}

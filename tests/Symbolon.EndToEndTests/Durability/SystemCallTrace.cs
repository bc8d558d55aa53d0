using System.Text.RegularExpressions;

namespace Symbolon.EndToEndTests.Durability;

/// <summary>
/// Reads what strace wrote about a server and says where a call went out before its intent was on the disk. The intent is found by the
/// call's trace id in a write to the WAL, the call by its marker in a send to the upstream.
/// </summary>
internal sealed partial class SystemCallTrace
{
    private readonly List<Event> events = [];

    /// <param name="lines">Of <c>strace -f -yy -s … -o FILE</c>: process id, then the call, whole or in two halves.</param>
    public SystemCallTrace(IEnumerable<string> lines)
    {
        var halves = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var match = Start().Match(line);
            if (!match.Success) continue;
            var (process, rest) = (match.Groups[1].Value, match.Groups[2].Value);
            if (rest.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                halves[process] = rest;
                // What a call writes or sends may be on its way from here on; whether a sync has happened is known at its end only.
                Add(rest, isSync: false);
            }
            else if (rest.StartsWith("<... ", StringComparison.Ordinal))
            {
                if (halves.Remove(process, out var first)) Add(first + rest, isSync: true);
            }
            else
            {
                Add(rest, isSync: false);
                Add(rest, isSync: true);
            }
        }
    }

    private enum Kind
    {
        WriteToLog,
        SyncOfLog,
        Send,
    }

    private sealed record Event(Kind Kind, string Text);

    /// <summary>Completed syncs of the WAL in the whole trace.</summary>
    public int Syncs => events.Count(each => each.Kind == Kind.SyncOfLog);

    /// <summary>What is wrong with one call; null when its intent was written, then synced, and only then sent on.</summary>
    /// <param name="trace">Trace id of the call, 32 hex digits.</param>
    /// <param name="marker">Text of its arguments.</param>
    public string? FaultOf(string trace, string marker)
    {
        var written = events.FindIndex(each => each.Kind == Kind.WriteToLog && Holds(each.Text, trace));
        var sent = events.FindIndex(each => each.Kind == Kind.Send && each.Text.Contains(marker, StringComparison.Ordinal));
        if (sent < 0) return "it was never sent on";
        if (written < 0) return "its intent was never written";
        if (written > sent) return "it was sent on before its intent was written";
        var synced = events.FindIndex(written, each => each.Kind == Kind.SyncOfLog);
        return synced < 0 || synced > sent ? "it was sent on before its intent was synced" : null;
    }

    /// <summary>A page may end within the id: one of its halves is whole then.</summary>
    private static bool Holds(string text, string trace) =>
        text.Contains(trace[..16], StringComparison.Ordinal) || text.Contains(trace[16..], StringComparison.Ordinal);

    private void Add(string call, bool isSync)
    {
        if (isSync)
        {
            // A sync that strace was told to leave out says 0, too, and has not happened.
            if (Sync().IsMatch(call) && call.Contains("-wal>", StringComparison.Ordinal) && call.TrimEnd().EndsWith("= 0", StringComparison.Ordinal))
                events.Add(new Event(Kind.SyncOfLog, call));
        }
        else if (Write().IsMatch(call) && call.Contains("-wal>", StringComparison.Ordinal))
        {
            events.Add(new Event(Kind.WriteToLog, call));
        }
        else if (call.Contains("<TCP:", StringComparison.Ordinal))
        {
            events.Add(new Event(Kind.Send, call));
        }
    }

    [GeneratedRegex(@"^(\d+)\s+(.*)$")]
    private static partial Regex Start();

    [GeneratedRegex(@"^f(data)?sync\(")]
    private static partial Regex Sync();

    [GeneratedRegex(@"^p?write")]
    private static partial Regex Write();
}

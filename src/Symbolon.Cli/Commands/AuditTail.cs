using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Symbolon.Admin.Audit;
using Symbolon.Admin.Sources;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;
using Symbolon.Cli.Streams;

namespace Symbolon.Cli.Commands;

/// <summary>
/// Follows the audit over restarts of the server: each connection goes on behind the last record that was shown, so none is shown twice
/// or left out. Who watches is told when nothing is watched, and a server that stays away is an error.
/// </summary>
/// <param name="filters">Of the query, without <c>after</c>.</param>
internal sealed class AuditTail(CommandRun run, IReadOnlyList<(string Name, string? Value)> filters)
{
    /// <summary>Longer than any restart, and short enough that a script learns of a server that does not come back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    /// <summary>The server gives a sign of life every 15 s.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>What the next connection starts behind, and the highest number that a record is known to have.</summary>
    private long seen, proven;

    /// <param name="after">Number of the record to start behind; null: the last one that there is now.</param>
    public async Task FollowAsync(string? after)
    {
        // Known before the first connection, so that one that is lost before its first record goes on from there, too.
        proven = await HeadAsync();
        seen = after is null ? proven
            : long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given
            : throw CommandException.Usage("--after must be the number of a record.");
        await ShowAsync(reached: null);
        while (true) await ReturnAsync();
    }

    /// <summary>Tries until a connection stood, and shows what it brought until it ends.</summary>
    private async Task ReturnAsync()
    {
        run.Screen.Warn($"the server ended the stream after record {seen}; trying again");
        var lostAt = run.Outside.Clock.GetTimestamp();
        var unsigned = 0;
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            await Task.Delay(pause, run.Outside.Clock, run.Cancellation);
            try
            {
                // A restart replaces the bootstrap token, so its file is read again.
                run.Reconnect();
                if (await HeadAsync() is var head && head < proven)
                    throw new CommandException(ExitCode.Findings, "audit_cut", $"The server's audit ends with record {head}, but record {proven} was there already: it was cut off, or replaced.");
                await ShowAsync(() => run.Screen.Note($"The server is back; going on after record {seen}."));
                return;
            }
            catch (CommandException failure) when (IsPassing(failure, ref unsigned))
            {
                if (run.Outside.Clock.GetElapsedTime(lostAt) < Patience) continue;
                throw new CommandException(ExitCode.Unreachable, "unreachable", $"The server did not come back for {Patience.TotalMinutes:0} minutes. {failure.Message}")
                {
                    Hint = $"symbolon audit tail --after {seen} goes on from here.",
                };
            }
        }
    }

    /// <summary>What a server that stops or starts answers. A token that is refused twice is not one that was just being replaced.</summary>
    private static bool IsPassing(CommandException failure, ref int unsigned) =>
        failure.ExitCode == ExitCode.Unreachable || JsonPath.Text(failure.Problem, "status") == "503"
        || (failure.ExitCode == ExitCode.SignInNeeded && ++unsigned < 2);

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private async Task<long> HeadAsync() => (await run.Client.GetAsync<AuditHeadResponse>("audit/head", run.Cancellation)).Seq;

    /// <summary>Shows records until the connection ends.</summary>
    private async Task ShowAsync(Action? reached)
    {
        var query = Query.Of(filters.Append(("after", seen.ToString(CultureInfo.InvariantCulture))));
        await using var events = new WatchedStream(await run.Client.OpenAsync("audit/tail" + query, "text/event-stream", run.Cancellation), Silence, run.Outside.Clock);
        reached?.Invoke();
        try
        {
            await foreach (var item in SseParser.Create(events).EnumerateAsync(run.Cancellation))
            {
                using var record = JsonDocument.Parse(item.Data);
                var seq = record.RootElement.GetProperty("seq").GetInt64();
                if (seq <= seen) continue;
                Show(run.Screen, record.RootElement);
                seen = seq;
                proven = Math.Max(proven, seq);
            }
        }
        catch (IOException) when (!run.Cancellation.IsCancellationRequested)
        {
            // It broke off or fell silent; an event that was not whole is asked for again.
        }
    }

    private static void Show(Screen screen, JsonElement record)
    {
        if (screen.Format == OutputFormat.Table)
            screen.Line(string.Join("  ", RecordColumns.All.Select(column => PlainText.OneLine(column.Cell(record) ?? "")).Where(cell => cell.Length > 0)));
        else if (screen.Format == OutputFormat.Json)
            screen.Line(JsonText.OneLine(record));
        else
            screen.Line("---\n" + YamlText.Write(record).TrimEnd('\n'));
    }
}

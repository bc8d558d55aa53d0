using System.Net.ServerSentEvents;
using System.Text.Json;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary>Follows the audit. A connection that ends is an error: who watches must know that nothing is watched any more.</summary>
internal static class AuditTail
{
    public static async Task FollowAsync(CommandRun run, string route)
    {
        await using var events = await run.Client.OpenAsync(route, "text/event-stream", run.Cancellation);
        var titles = run.Screen;
        try
        {
            await foreach (var item in SseParser.Create(events).EnumerateAsync(run.Cancellation))
            {
                using var record = JsonDocument.Parse(item.Data);
                Show(titles, record.RootElement);
            }
        }
        catch (Exception fault) when (fault is IOException or HttpIOException && !run.Cancellation.IsCancellationRequested)
        {
            // Told below.
        }
        throw new CommandException(ExitCode.Unreachable, "unreachable", "The server ended the stream.");
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

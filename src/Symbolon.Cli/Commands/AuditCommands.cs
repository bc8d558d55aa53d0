using System.CommandLine;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon audit</c>.</summary>
internal static class AuditCommands
{
    public static Command Build(Outside outside) => new("audit", "What was decided and done")
    {
        QueryRecords(outside),
        Tail(outside),
        Export(outside),
        VerifyCommand.Build(outside),
    };

    private static Command QueryRecords(Outside outside)
    {
        var filters = AuditFilterOptions.Make();
        var limit = new Option<int>("--limit") { Description = "At most this many records", HelpName = "NUMBER", DefaultValueFactory = _ => 100, CustomParser = each => int.TryParse(each.Tokens[0].Value, out var number) ? number : 0 };
        var oldest = new Option<bool>("--oldest-first") { Description = "In the order in which they happened" };
        var command = new Command("query", "Show records, the newest first") { limit, oldest };
        filters.AddTo(command);
        return command.Does(outside, async run =>
        {
            var most = run.Value(limit) is >= 1 and <= Verb.MostItems and var wanted ? wanted : throw CommandException.Usage($"--limit must be 1 to {Verb.MostItems}.");
            var parameters = filters.Read(run).Append(("order", run.Value(oldest) ? "asc" : "desc")).Append(("limit", Math.Min(most, 1000).ToString(System.Globalization.CultureInfo.InvariantCulture)));
            run.Screen.Show(await run.Client.ListAsync("audit" + Query.Of(parameters), most, run.Cancellation), RecordColumns.All);
        });
    }

    private static Command Tail(Outside outside)
    {
        var filters = AuditFilterOptions.Make();
        var after = new Option<string?>("--after") { Description = "Start after this record instead of now", HelpName = "SEQ" };
        var command = new Command("tail", "Show records as they come, over restarts of the server, until interrupted") { after };
        filters.AddTo(command);
        return command.Does(outside, run => new AuditTail(run, [.. filters.Read(run)]).FollowAsync(run.Value(after)));
    }

    private static Command Export(Outside outside)
    {
        var filters = AuditFilterOptions.Make();
        var file = new Option<string?>("--file", "-f") { Description = "Write into this file instead of standard output", HelpName = "FILE" };
        var command = new Command("export", "Write the records as they are chained, one a line; with filters only those that fit, which cannot be verified") { file };
        filters.AddTo(command);
        return command.Does(outside, async run =>
        {
            var given = filters.Read(run).Where(parameter => parameter.Value is not null).ToList();
            var query = Query.Of(given);
            // An export may be the only copy of what was: it is never written over.
            if (run.Value(file) is { } taken && File.Exists(taken)) throw CommandException.Usage($"{taken} exists already.", "Name another file.");
            await using var records = await run.Client.OpenAsync("audit/export" + query, "application/x-ndjson", run.Cancellation);
            if (run.Value(file) is null && run.Outside.OutputIsTerminal)
            {
                using var lines = new StreamReader(records);
                while (await lines.ReadLineAsync(run.Cancellation) is { } line) run.Screen.Line(PlainText.OneLine(line));
                return;
            }
            // The bytes are what was hashed, so they go through untouched.
            await using (var into = run.Value(file) is { } name ? new FileStream(name, FileMode.CreateNew) : run.Outside.OutputStream())
                await records.CopyToAsync(into, run.Cancellation);
            if (run.Value(file) is { } written)
                run.Screen.Note(given.Any(parameter => parameter.Name is not ("from" or "to"))
                    ? $"The records that fit are in {written}. What lies between them is not, so they cannot be verified as a chain."
                    : $"The records are in {written}. symbolon audit verify {written} checks them and tells the head: keep that elsewhere, for --head.");
        });
    }
}

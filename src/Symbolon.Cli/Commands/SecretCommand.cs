using System.CommandLine;
using System.Text.Json;
using Symbolon.Admin.Api;
using Symbolon.Admin.Secrets;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;
using Symbolon.Cli.Registering;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon secret</c>: what servers are shown in a header or variable. Values are read from files, and never come out.</summary>
internal static class SecretCommand
{
    public static Command Build(Outside outside) => new("secret", "The sealed secrets of servers; values are never shown")
    {
        Verb.List(outside, "secret", "secrets",
            Column.At("NAME", "name"), Column.At("VERSION", "version"), new Column("AGE", row => JsonPath.Text(row, "ageDays") is { } days ? $"{days}d" : null), Column.At("PHASE", "phase"),
            Column.At("USED BY", "usedBy"), Column.At("EXPIRES", "expires")),
        Verb.Show(outside, "secret", "secrets"),
        Set(outside),
        Rotate(outside),
    };

    private static Option<string?> ValueFile() =>
        new("--value-file") { Description = "The file that holds the value, on one line; - for standard input", HelpName = "FILE" };

    private static Command Set(Outside outside)
    {
        var (name, file, reason) = (new Argument<string>("name"), ValueFile(), ReasonOption.Make());
        file.Required = true;
        return new Command("set", "Store a value, which calls show at once; rotate replaces one without a failed call") { name, file, reason }.Does(outside, async run =>
        {
            var value = await SecretFile.ReadValueAsync(file.Name, run.Value(file)!, run.Outside.Input, run.Cancellation);
            var stored = await run.Client.PutAsync($"secrets/{Verb.Segment(run.Value(name))}", new PutSecretRequest { Value = value, Reason = run.Value(reason) }, run.Cancellation);
            run.Screen.Note(JsonPath.Text(stored, "changed") == "yes" ? $"secret {JsonPath.Text(stored, "name")} is stored as version {JsonPath.Text(stored, "version")}." : "That value is stored already; nothing changed.");
            if (run.Screen.Format != OutputFormat.Table) run.Screen.ShowWhole(stored);
        });
    }

    private static Command Rotate(Outside outside)
    {
        var (name, file, reason) = (new Argument<string>("name"), ValueFile(), ReasonOption.Make());
        var finish = new Option<bool>("--finish") { Description = "Second step: new calls show the value that waits, and the one before is destroyed" };
        var cancel = new Option<bool>("--cancel") { Description = "Destroy the value that waits; calls show the present one as before" };
        return new Command("rotate", "Replace its value in two steps without a failed call: --value-file seals and tries the next one, --finish shows it. Exit code 2 where a server did not take it")
            { name, file, finish, cancel, reason }.Does(outside, async run =>
        {
            if (new[] { run.Value(file) is not null, run.Value(finish), run.Value(cancel) }.Count(given => given) != 1)
                throw CommandException.Usage("Give one of --value-file, --finish and --cancel.");
            var path = $"secrets/{Verb.Segment(run.Value(name))}/rotation";
            var made = run.Value(file) is { } from
                ? await run.Client.PutAsync(path, new PutSecretRequest { Value = await SecretFile.ReadValueAsync(file.Name, from, run.Outside.Input, run.Cancellation), Reason = run.Value(reason) }, run.Cancellation)
                : await run.Client.PostAsync($"{path}/{(run.Value(finish) ? "finish" : "cancel")}", new ReasonRequest { Reason = run.Value(reason) }, run.Cancellation);
            if (run.Screen.Format != OutputFormat.Table) run.Screen.ShowWhole(made);
            var failed = Tell(run, made);
            run.Screen.Note(WordsOf(made));
            return failed ? ExitCode.Findings : ExitCode.Ok;
        });
    }

    /// <returns>Whether a server did not take the next value.</returns>
    private static bool Tell(CommandRun run, JsonElement made)
    {
        var failed = false;
        foreach (var trial in made.GetProperty("trials").EnumerateArray())
        {
            var words = $"{JsonPath.Text(trial, "server")}: {JsonPath.Text(trial, "text")}";
            failed |= JsonPath.Text(trial, "outcome") == "failed";
            if (JsonPath.Text(trial, "outcome") == "works") run.Screen.Note(words);
            else run.Screen.Warn(words);
        }
        return failed;
    }

    private static string WordsOf(JsonElement made) => (JsonPath.Text(made, "name"), JsonPath.Text(made, "phase"), JsonPath.Text(made, "changed")) switch
    {
        (var name, "rotating", _) => $"The next value of {name} waits; calls still show version {JsonPath.Text(made, "version")}. symbolon secret rotate {name} --finish shows the next one, --cancel destroys it.",
        (var name, _, "yes") => $"Calls show version {JsonPath.Text(made, "version")} of {name}; no other value is kept.",
        (var name, _, _) => $"No other value of {name} waits; nothing changed.",
    };
}

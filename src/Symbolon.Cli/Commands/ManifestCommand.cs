using System.CommandLine;
using System.Text;
using System.Text.Json;
using Symbolon.Admin.Sources;
using Symbolon.Cli.Assessing;
using Symbolon.Cli.Importing;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;
using Symbolon.Cli.Processes;
using Symbolon.Cli.Registering;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon manifest init</c>: makes a file of a description that somebody else wrote. It needs no server and starts nothing.</summary>
internal static class ManifestCommand
{
    public static Command Build(Outside outside) => new("manifest", "Files of servers from what others publish about them") { Init(outside) };

    private static Command Init(Outside outside)
    {
        var from = new Option<string>("--from") { Description = "What describes the server: a file, or - for standard input", HelpName = "FILE", Required = true };
        var format = new Option<string?>("--format") { Description = $"What it is written as: {ImportFormats.Words}; default: auto", HelpName = "FORMAT" };
        var name = new Option<string?>("--name") { Description = "The server's name here; default: one like its own", HelpName = "NAME" };
        var owner = new Option<string?>("--owner") { Description = "Who answers for it", HelpName = "EMAIL" };
        var url = new Option<string?>("--url") { Description = "Its endpoint, where the description does not say it", HelpName = "URL" };
        var words = new Argument<string[]>("command") { Description = "Behind --: its command and arguments, where the description does not say them", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("init", "Print the file of a server that a registry server.json, a saved tools/list, an MCPB manifest or a ToolHive profile or entry describes") { from, format, name, owner, url };
        if (outside.BehindDashes is not null) command.Add(words);
        return command.Does(outside, async run =>
        {
            if (run.Value(name) is { } given && !ServerName.IsValid(given)) throw CommandException.Usage($"The name of a server is {ServerName.Rule}.");
            if (run.Value(owner) is { } who && !UserEmail.TryParse(who, out _)) throw CommandException.Usage($"--owner must be an e-mail address, not '{who}'.");
            var place = await PlaceAsync(run, run.Value(url), outside.BehindDashes ?? []);
            var root = await ReadAsync(run, run.Value(from)!);
            var imported = ImportFormats.Of(run.Value(format), root) switch
            {
                ImportFormat.ServerJson => RegistryImport.Read(root),
                ImportFormat.Bundle => BundleImport.Read(root),
                ImportFormat.ToolHive => ToolHiveImport.Read(root),
                _ => ListImport.Read(root),
            };
            imported.Upstream = place ?? Found(run, imported);
            var draft = ManifestDraft.Of(imported, run.Value(name), run.Value(owner));
            if (run.Screen.Format == OutputFormat.Json) run.Screen.ShowWhole(draft.Json);
            else run.Screen.Line(draft.ToYaml().TrimEnd('\n'));
            foreach (var fault in draft.Faults) run.Screen.Warn(fault);
            foreach (var remark in draft.Remarks) run.Screen.Note(remark);
            return draft.IsWhole ? ExitCode.Ok : ExitCode.Findings;
        });
    }

    private static async Task<UpstreamAddress?> PlaceAsync(CommandRun run, string? url, IReadOnlyList<string> command)
    {
        if (url is not null && command.Count > 0) throw CommandException.Usage("Say where the server is once: --url URL, or the command behind --.");
        if (command.Count > 0) return await CommandOrder.OfAsync(command, [], cwd: null, isolation: null, run.Outside.Variable, run.Screen.Note, run.Cancellation);
        if (url is null) return null;
        return Core.Registry.Files.UpstreamUrl.TryParse(url, out var address) ? new UpstreamAddress.Http { Url = address } : throw CommandException.Usage($"--url must be {Core.Registry.Files.UpstreamUrl.Rule}.");
    }

    /// <summary>A command that a description names by its name alone stands somewhere on this machine, or the file has to wait for it.</summary>
    private static UpstreamAddress? Found(CommandRun run, ImportedServer imported)
    {
        if (imported.Upstream is not UpstreamAddress.Stdio process) return imported.Upstream;
        try
        {
            return process with { Command = CommandPath.Of(process.Command, run.Outside.Variable) };
        }
        catch (CommandException missing)
        {
            imported.Faults.Add($"{missing.Message} It would be started as {string.Join(' ', process.Args.Prepend(process.Command))}");
            return null;
        }
    }

    /// <summary>JSON as it is, byte by byte; anything else is read as YAML, one document.</summary>
    private static async Task<JsonElement> ReadAsync(CommandRun run, string file)
    {
        var bytes = await SavedTools.BytesAsync(file, run.Outside.Input, run.Cancellation);
        if (bytes.Span.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..]) return SavedTools.Parse(bytes);
        SourceReading reading;
        try
        {
            reading = YamlReader.Read(file == "-" ? "stdin" : file, new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.Span));
        }
        catch (DecoderFallbackException)
        {
            throw new CommandException(ExitCode.Error, "invalid", "The file is not valid UTF-8.");
        }
        if (reading.Errors.Count > 0) throw new CommandException(ExitCode.Error, "invalid", "The file is neither JSON nor YAML that can be read.") { Details = [.. reading.Errors.Select(error => error.ToString())] };
        return reading.Documents is [var only] ? only.Json : throw new CommandException(ExitCode.Error, "invalid", $"The file must hold one document; it holds {reading.Documents.Count}.");
    }
}

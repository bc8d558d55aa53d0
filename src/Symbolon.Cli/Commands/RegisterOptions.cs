using System.CommandLine;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;
using Symbolon.Cli.Registering;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Cli.Commands;

/// <summary>What <c>server register</c> is told about a server: a URL or a command, and what belongs to each.</summary>
/// <param name="behindDashes">The command and its arguments. Only what stands there is one: a word that was typed wrong elsewhere must not be started.</param>
internal sealed class RegisterOptions(IReadOnlyList<string>? behindDashes)
{
    private readonly Argument<string> name = new("name");
    private readonly Argument<string[]> words = new("command") { Description = "Behind --: a command that speaks MCP over standard input and output, and its arguments", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string> owner = new("--owner") { Description = "Who answers for it", HelpName = "EMAIL", Required = true };
    private readonly Option<string?> url = new("--url") { Description = "Its endpoint: Streamable HTTP, or the old HTTP+SSE", HelpName = "URL" };
    private readonly Option<string?> header = new("--header") { Description = "A header that the server at the URL wants, its value in a file (- for standard input)", HelpName = "NAME=@FILE" };
    private readonly Option<string?> secretEnv = new("--secret-env") { Description = "A secret variable of the command, its value in a file (- for standard input)", HelpName = "NAME=@FILE" };
    private readonly Option<string?> expires = new("--secret-expires") { Description = "The last day of that value, UTC; default: in 90 days", HelpName = "YYYY-MM-DD" };
    private readonly Option<string[]> env = new("--env") { Description = "A plain variable of the command, for everybody to read", HelpName = "NAME=VALUE" };
    private readonly Option<string?> cwd = new("--cwd") { Description = "The folder that the command starts in; default: /", HelpName = "FOLDER" };
    private readonly Option<string?> isolation = new("--isolation") { Description = "Who speaks with one process of the command: shared (all, the default), caller or session", HelpName = "WHO" };
    private readonly Option<string?> timeout = new("--timeout") { Description = "How long the command may take until it first answers: 1s to 10m; default: 45s", HelpName = "TIME" };
    private readonly Option<string?> era = new("--era") { Description = "Which protocol it is spoken to in: auto (all that it speaks, the default), legacy (up to 2025-11-25) or modern (from 2026-07-28)", HelpName = "ERA" };
    private readonly Option<string?> features = new("--client-features") { Description = $"What it may ask clients for while it answers, with commas between: {ClientFeatureTexts.Rule}; default: nothing", HelpName = "LIST" };
    private readonly Option<string?> reason = ReasonOption.Make();

    public void AddTo(Command command)
    {
        command.Add(name);
        if (behindDashes is not null) command.Add(words);
        foreach (var option in new Option[] { owner, url, header, secretEnv, expires, env, cwd, isolation, timeout, era, features, reason }) command.Add(option);
    }

    /// <exception cref="CommandException">What was typed does not fit together.</exception>
    public async Task<RegistrationOrder> OrderAsync(CommandRun run)
    {
        var isCommand = behindDashes is { Count: > 0 };
        if (behindDashes is not null && run.Value(words) is var all && all.Length > behindDashes.Count)
            throw CommandException.Usage($"Unrecognized command or argument '{all[0]}'.", "Options and the name stand before --, the command behind it.");
        RequireOneKind(run, isCommand);
        var (option, secret) = isCommand ? (secretEnv.Name, run.Value(secretEnv)) : (header.Name, run.Value(header));
        return new RegistrationOrder
        {
            Name = ServerName.IsValid(run.Value(name)) ? new ServerName(run.Value(name)) : throw CommandException.Usage($"The name of a server is {ServerName.Rule}."),
            Owner = UserEmail.TryParse(run.Value(owner), out _) ? run.Value(owner)! : throw CommandException.Usage($"--owner must be an e-mail address, not '{run.Value(owner)}'."),
            Upstream = isCommand ? await CommandOf(run) with { Era = EraOf(run.Value(era)) } : AddressOf(run.Value(url)!) with { Era = EraOf(run.Value(era)) },
            ClientFeatures = FeaturesOf(run.Value(features)),
            Secret = secret is null ? null : await SecretFile.ReadAsync(option, secret, isCommand, run.Value(expires), run.Outside.Input, run.Outside.Clock, run.Cancellation),
            StartTime = TimeOf(run.Value(timeout)),
            Reason = run.Value(reason),
        };
    }

    private void RequireOneKind(CommandRun run, bool isCommand)
    {
        if (isCommand == (run.Value(url) is not null))
            throw CommandException.Usage("Say where the server is: --url URL, or behind -- the command that it is; one of the two.", "symbolon server register files --owner me@example.com -- node /path/to/server.js");
        if (isCommand && run.Value(header) is not null) throw CommandException.Usage("--header is for a server at a URL; a command takes --secret-env NAME=@FILE.");
        (string Name, bool Given)[] others = [(secretEnv.Name, run.Value(secretEnv) is not null), (env.Name, run.Value(env) is { Length: > 0 }), (cwd.Name, run.Value(cwd) is not null), (isolation.Name, run.Value(isolation) is not null), (timeout.Name, run.Value(timeout) is not null)];
        foreach (var other in others)
            if (other.Given && !isCommand) throw CommandException.Usage($"{other.Name} is for a server that is a command; one at a URL takes --header NAME=@FILE.");
    }

    private Task<UpstreamAddress.Stdio> CommandOf(CommandRun run) =>
        CommandOrder.OfAsync(behindDashes!, run.Value(env) ?? [], run.Value(cwd), run.Value(isolation), run.Outside.Variable, run.Screen.Note, run.Cancellation);

    private static TimeSpan TimeOf(string? text) =>
        text is null ? RegistrationOrder.UsualStartTime
        : Durations.TryParse(text, out var seconds) && seconds <= 600 ? TimeSpan.FromSeconds(seconds)
        : throw CommandException.Usage("--timeout must be 1s to 10m.");

    private static UpstreamEra EraOf(string? text) => text switch
    {
        null or "auto" => UpstreamEra.Auto,
        "legacy" => UpstreamEra.Legacy,
        "modern" => UpstreamEra.Modern,
        _ => throw CommandException.Usage($"--era must be auto, legacy or modern, not '{text}'."),
    };

    private static ClientFeatures FeaturesOf(string? text)
    {
        var all = ClientFeatures.None;
        foreach (var word in text?.Split(',', StringSplitOptions.TrimEntries) ?? [])
            all |= ClientFeatureTexts.TryParse(word, out var feature) ? feature : throw CommandException.Usage($"--client-features takes {ClientFeatureTexts.Rule}, with commas between, not '{word}'.");
        return all;
    }

    private static UpstreamAddress.Http AddressOf(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new UpstreamAddress.Http { Url = address }
            : throw CommandException.Usage($"--url must be an http or https address, not '{url}'.", "A whole one looks like http://127.0.0.1:7001/mcp");
}

using System.CommandLine;
using Symbolon.Cli.Api;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;
using Symbolon.Cli.Registering;
using Symbolon.Cli.Sidecar;
using Symbolon.Client;
using Symbolon.Client.Credentials;
using Symbolon.Client.Verification;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon sidecar</c>: holds a server's key, and gets and checks tokens for it, whatever language it is written in.</summary>
internal static class SidecarCommand
{
    private static readonly Argument<string> Server = new("server");
    private static readonly Option<string> State = new("--state") { Description = "Folder of the server's key; made with mode 0700", HelpName = "DIR", Required = true };
    private static readonly Option<string?> Issuer = new("--issuer") { Description = "Symbolon's address; default SYMBOLON_URL", HelpName = "URL" };
    private static readonly Option<string?> Listen = new("--listen") { Description = "unix:PATH or 127.0.0.1:PORT; default unix:DIR/sidecar.sock", HelpName = "ADDRESS" };
    private static readonly Option<string?> Api = new("--api") { Description = "Forward to this address and below only; default all of the API", HelpName = "URL" };
    private static readonly Option<string?> Url = new("--url") { Description = "The server's own address as in spec.upstream.url, to verify calls", HelpName = "URL" };
    private static readonly Option<string?> Enroll = new("--enroll") { Description = "File with a code of server enroll, for the first start; @- is standard input", HelpName = "@FILE" };
    private static readonly Option<string?> Platform = new("--platform-token") { Description = "File with the token by which the platform says who this is, in place of a code", HelpName = "FILE" };
    private static readonly Option<string?> Instance = new("--instance") { Description = "Name of this instance in server keys", HelpName = "NAME" };
    private static readonly Option<string?> Token = new("--token-file") { Description = "Keep the server's credential of the moment in this file", HelpName = "PATH" };

    public static Command Build(Outside outside) =>
        new Command("sidecar", "Hold a server's key and its tokens, for servers in any language") { Server, State, Issuer, Listen, Api, Url, Enroll, Platform, Instance, Token }.Does(outside, RunAsync);

    private static async Task RunAsync(CommandRun run)
    {
        var options = Read(run);
        using var state = StateFolder.Open(options.State);
        using var http = new HttpClient(run.Outside.Handler()) { Timeout = TimeSpan.FromSeconds(10) };
        using var credential = await OpenAsync(run, options, http);
        if (credential.ClientId != $"server:{options.Server}")
            throw CommandException.Usage($"The key in {options.State} is enrolled for {credential.ClientId}, not for server:{options.Server}.");
        using var verifier = options.Url is null ? null : new AccessTokenVerifier(new AccessTokenVerifierOptions { Issuer = options.Issuer, Audience = options.Url, Server = options.Server }, feed: null, http, run.Outside.Clock);
        await ServeAsync(run, options, state, credential, verifier);
    }

    private static async Task ServeAsync(CommandRun run, SidecarOptions options, StateFolder state, ServerCredential credential, AccessTokenVerifier? verifier)
    {
        var target = Checked(() => ApiTarget.Of(options.Api, credential.Audience));
        var isTcp = options.Listen is ListenAddress.Loopback;
        using var api = run.Outside.Handler();
        var endpoints = new SidecarEndpoints(new LocalGuard(isTcp ? state.Secret() : null), new TokenEndpoints(credential, target),
            verifier is null ? null : new VerifyEndpoint(verifier, options.Url!), new ForwardEndpoint(credential, target, api, run.Outside.Clock), run.Screen.Warn);
        await using var host = await SidecarHost.StartAsync(options.Listen, endpoints, run.Cancellation);
        run.Screen.Note($"The sidecar of {options.Server} listens on {options.Listen}, for requests to {target}; its key is {credential.KeyThumbprint}.");
        if (isTcp) run.Screen.Note($"Programs show the secret in {state.SecretFile}.");
        try
        {
            if (options.TokenFile is { } file) await new TokenFile(file, credential, run.Screen.Warn).RunAsync(run.Cancellation);
            else await Task.Delay(Timeout.InfiniteTimeSpan, run.Outside.Clock, run.Cancellation);
        }
        catch (OperationCanceledException) when (run.Cancellation.IsCancellationRequested)
        {
            // How every sidecar ends.
        }
    }

    private static SidecarOptions Read(CommandRun run)
    {
        var state = Path.GetFullPath(run.Value(State)!);
        return new SidecarOptions
        {
            Server = run.Value(Server),
            State = state,
            Issuer = run.Value(Issuer) is { } issuer ? Address("--issuer", issuer) : AdminAddress.UrlOf(run.Outside.Variable),
            Listen = run.Value(Listen) is { } listen ? ListenAddress.Parse(listen) : ListenAddress.Socket(Path.Combine(state, "sidecar.sock")),
            Api = run.Value(Api) is { } api ? Address("--api", api) : null,
            Url = run.Value(Url) is { } url ? Address("--url", url).OriginalString : null,
            CodeFile = run.Value(Enroll) switch
            {
                null => null,
                ['@', _, ..] given => given[1..],
                _ => throw CommandException.Usage("--enroll takes @FILE: the code is read from the file, so that it stays out of the process list and the shell's history."),
            },
            PlatformTokenFile = run.Value(Platform) is { } platform ? Path.GetFullPath(platform) : null,
            TokenFile = run.Value(Token) is { } file ? Path.GetFullPath(file) : null,
        };
    }

    private static async Task<ServerCredential> OpenAsync(CommandRun run, SidecarOptions options, HttpClient http)
    {
        var key = StateFolder.KeyFileIn(options.State);
        if (options is { CodeFile: not null, PlatformTokenFile: not null }) throw CommandException.Usage("--enroll and --platform-token are two ways of which one is taken.");
        var code = await ReadCodeAsync(run, options.CodeFile);
        try
        {
            var platform = options.PlatformTokenFile;
            return await ServerCredential.OpenAsync(new ServerCredentialOptions
            {
                Symbolon = options.Issuer, KeyFile = key, EnrolmentCode = code, Instance = run.Value(Instance), Server = options.Server,
                // Read anew each time: the platform replaces it.
                PlatformToken = platform is null ? null : async cancellation => await File.ReadAllTextAsync(platform, cancellation),
            }, http, run.Outside.Clock, run.Cancellation);
        }
        catch (ArgumentException wrong)
        {
            throw CommandException.Usage(wrong.Message);
        }
        catch (InvalidOperationException unusable)
        {
            throw new CommandException(ExitCode.Error, "state_unusable", unusable.Message);
        }
        catch (SymbolonException refused)
        {
            throw refused.Code switch
            {
                "not_enrolled" => new CommandException(ExitCode.SignInNeeded, "not_enrolled", $"The key in {options.State} is not enrolled at {options.Issuer}.") { Hint = $"symbolon server enroll {options.Server} > code, then start the sidecar with --enroll @code" },
                "no_platform_token" => new CommandException(ExitCode.Error, "no_platform_token", refused.Message) { Hint = "--platform-token FILE: the file that the platform keeps fresh, with Symbolon as its audience" },
                "unreachable" or "temporarily_unavailable" => new CommandException(ExitCode.Unreachable, "unreachable", refused.Message),
                _ => new CommandException(ExitCode.Findings, "enrolment_refused", $"{refused.Code}: {refused.Message}"),
            };
        }
    }

    /// <summary>Gone after the first start, as it may be, it is not asked for.</summary>
    private static async Task<string?> ReadCodeAsync(CommandRun run, string? file)
    {
        if (file is null) return null;
        return file == "-" || File.Exists(file) ? (await SecretFile.ReadValueAsync("--enroll", file, run.Outside.Input, run.Cancellation)).Trim() : null;
    }

    private static Uri Address(string option, string text) => Checked(() =>
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)) throw new ArgumentException($"{option} must be an absolute address.");
        Client.Http.SymbolonAddress.Check(url, option);
        return url;
    });

    private static T Checked<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ArgumentException wrong)
        {
            throw CommandException.Usage(wrong.Message.Split(" (Parameter", 2)[0]);
        }
    }
}

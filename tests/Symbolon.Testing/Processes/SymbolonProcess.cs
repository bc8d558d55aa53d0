using System.Diagnostics;
using System.Globalization;

namespace Symbolon.Testing.Processes;

/// <summary>The built program, serving in a folder of its own, with its commands.</summary>
public sealed class SymbolonProcess : IAsyncDisposable
{
    private readonly IReadOnlyList<string> arguments;
    private readonly Dictionary<string, string?> environment;
    private readonly string program;
    private ChildProcess process;

    private SymbolonProcess(string program, string folder, Uri url, string[] flags, (string Name, string Value)[] settings)
    {
        this.program = program;
        Folder = folder;
        Url = url;
        arguments = ["serve", "--data", folder, "--urls", url.GetLeftPart(UriPartial.Authority), .. flags.Select(flag => flag.Replace("{url}", url.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal))];
        environment = settings.ToDictionary(setting => setting.Name, string? (setting) => setting.Value);
        process = Start([]);
    }

    /// <summary>The executable that <c>./symbolon</c> runs.</summary>
    public static string Program { get; } = Repo.At("artifacts", "bin", "Symbolon.Cli", "release", "symbolon");

    public Uri Url { get; }

    /// <summary>Its data folder.</summary>
    public string Folder { get; }

    public int ProcessId => process.Id;

    /// <summary>The process that serves now; another one after <see cref="RestartAsync"/>.</summary>
    public ChildProcess Process => process;

    public string AdminToken => File.ReadAllText(Path.Combine(Folder, "admin-token")).Trim();

    /// <summary>Starts it on a free port of loopback and waits until it is ready.</summary>
    /// <param name="flags">Further flags of <c>serve</c>; <c>{url}</c> in them is its address.</param>
    /// <param name="settings">Settings as environment variables, <c>SYMBOLON_…</c>.</param>
    public static Task<SymbolonProcess> StartAsync(string[]? flags = null, params (string Name, string Value)[] settings) => StartAsync(Program, flags ?? [], settings);

    /// <summary>Another program that takes <c>serve --data DIR --urls URL</c> and is Symbolon inside.</summary>
    public static Task<SymbolonProcess> StartOtherAsync(string program) => StartAsync(program, [], []);

    private static async Task<SymbolonProcess> StartAsync(string program, string[] flags, (string Name, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("symbolon-e2e-").FullName;
        var url = new Uri($"http://127.0.0.1:{FreePort.Take().ToString(CultureInfo.InvariantCulture)}");
        var started = new SymbolonProcess(program, folder, url, flags, settings);
        await started.WaitUntilReadyAsync();
        return started;
    }

    /// <summary>SIGKILL, at once.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.DisposeAsync();
    }

    /// <summary>Starts it again on the same folder and port.</summary>
    /// <param name="under">A program and its arguments to run it under, for example strace.</param>
    /// <returns>How long it took until it was ready.</returns>
    public async Task<TimeSpan> RestartAsync(params string[] under)
    {
        await process.DisposeAsync();
        process = Start(under);
        return await WaitUntilReadyAsync();
    }

    /// <summary>Runs a command of the program against this server, as its administrator.</summary>
    public async Task<CommandResult> RunAsync(params string[] command)
    {
        await using var child = ChildProcess.Start(Program, command, new Dictionary<string, string?>
        {
            ["SYMBOLON_URL"] = Url.GetLeftPart(UriPartial.Authority),
            ["SYMBOLON_TOKEN"] = AdminToken,
        });
        var code = await child.ExitAsync(TimeSpan.FromMinutes(2));
        return new CommandResult(code, string.Join('\n', child.Output), string.Join('\n', child.Errors));
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private ChildProcess Start(string[] under)
    {
        string[] line = [.. under, program, .. arguments];
        return ChildProcess.Start(line[0], line[1..], environment);
    }

    private async Task<TimeSpan> WaitUntilReadyAsync()
    {
        var started = Stopwatch.GetTimestamp();
        using var client = new HttpClient();
        await Deadline.ForAsync("symbolon to be ready", async () =>
        {
            if (process.HasEnded)
            {
                await process.ExitAsync();
                throw new InvalidOperationException($"symbolon ended.\n{string.Join('\n', process.Output)}\n{string.Join('\n', process.Errors)}");
            }
            try
            {
                using var answer = await client.GetAsync(new Uri(Url, "/readyz"));
                return answer.IsSuccessStatusCode ? "ready" : null;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        });
        return Stopwatch.GetElapsedTime(started);
    }
}

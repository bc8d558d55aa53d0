using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Symbolon.Testing;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;

namespace Symbolon.EndToEndTests.Stdio;

/// <summary>
/// A gateway and a runner, each a real program. As root the runner is <c>nobody</c>'s and the gateway listens off loopback; else there is no
/// other user to be, and the gateway listens on loopback alone.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class RunnerStage : IAsyncDisposable
{
    public const int Nobody = 65534;

    private static int made;

    private readonly DirectoryInfo folder;

    private RunnerStage(DirectoryInfo folder, SymbolonProcess symbolon)
    {
        (this.folder, Symbolon) = (folder, symbolon);
        (Setup, Wire) = (new Setup(symbolon), new McpWire(symbolon.Url));
    }

    public static bool HasOtherUser { get; } = Environment.IsPrivilegedProcess;

    /// <summary>Of the user under which the runner runs here.</summary>
    public static string RunnerUser { get; } = HasOtherUser ? Nobody.ToString(CultureInfo.InvariantCulture) : Uid();

    public SymbolonProcess Symbolon { get; }

    public Setup Setup { get; }

    public McpWire Wire { get; }

    public ChildProcess Runner { get; private set; } = null!;

    public string Socket => Path.Combine(folder.FullName, "runner.sock");

    public string Script => Path.Combine(folder.FullName, "server.sh");

    /// <summary>Stands in the command line of all its processes.</summary>
    public string Mark { get; } = string.Create(CultureInfo.InvariantCulture, $"{9000 + Interlocked.Increment(ref made)}.{Environment.ProcessId}");

    public IReadOnlyList<string> Processes => ProcessList.With(Mark);

    /// <param name="allowed">Number of the user that the runner serves; null for ours.</param>
    /// <param name="more">Further arguments of <c>server register</c>.</param>
    public static Task<RunnerStage> StartAsync(string? allowed = null, params string[] more) => StartAsync(RunnerUser, allowed, more);

    /// <param name="expected">Number of the user whom the gateway expects behind the socket.</param>
    public static async Task<RunnerStage> StartAsync(string expected, string? allowed, string[] more)
    {
        var folder = Directory.CreateTempSubdirectory("symbolon-runner-");
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_111_111);
        var socket = Path.Combine(folder.FullName, "runner.sock");
        string[] offLoopback = ["--urls", $"http://0.0.0.0:{FreePort.Take().ToString(CultureInfo.InvariantCulture)}", "--trusted-proxy", "192.0.2.1", "--public-url", "{url}"];
        var stage = new RunnerStage(folder, await SymbolonProcess.StartAsync(HasOtherUser ? offLoopback : [], ("SYMBOLON_RUNNER_SOCKET", socket), ("SYMBOLON_RUNNER_UID", expected)));
        // What is asked as "secret" here, is whether the gateway's key can be read.
        var script = await File.ReadAllTextAsync(Repo.At("tests", "data", "stdio", "server.sh"));
        await File.WriteAllTextAsync(stage.Script, script.Replace(
            "text \"$(printf %s \"$API_KEY\" | tr - +)\"", "text \"$(id -u) $(printf %s \"$API_KEY\" | tr - +) $(cat \"$KEY_FILE\" > /dev/null 2>&1 && echo read || echo closed)\"; echo \"has $API_KEY\" >&2", StringComparison.Ordinal));
        await stage.Setup.CommandAsync("sh", ["/bin/sh", stage.Script, stage.Mark], null, ["--env", $"KEY_FILE={stage.Symbolon.Folder}/master.key", .. more]);
        await Deadline.ForAsync("the process that was read to be gone", () => stage.Processes.Count == 0);
        await stage.StartRunnerAsync(allowed);
        return stage;
    }

    public async Task StartRunnerAsync(string? allowed = null)
    {
        Runner = StartRunner(Socket, HasOtherUser ? Symbolon.Folder : Path.Combine(folder.FullName, "none"), allowed ?? Uid());
        await Deadline.ForAsync("the runner to listen", () => Runner.Errors.Any(line => line.Contains("listens on", StringComparison.Ordinal)));
    }

    public static ChildProcess StartRunner(string socket, string data, string allowed, bool asOther = true)
    {
        string[] line = [SymbolonProcess.Program, "runner", "--socket", socket, "--allow-uid", allowed, "--data", data];
        if (asOther && HasOtherUser) line = ["setpriv", "--reuid", RunnerUser, "--regid", RunnerUser, "--clear-groups", .. line];
        return ChildProcess.Start(line[0], line[1..]);
    }

    public Task<WireAnswer> CallAsync(string token, string tool, string say = "x") => Wire.PostAsync(
        "/t/mcp/sh", token,
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool + "\",\"arguments\":" + new JsonObject { ["say"] = say }.ToJsonString() + ",\"_meta\":{\"progressToken\":1}}}");

    public Task NothingLeftAsync() => Deadline.ForAsync("no process to be left", () => Processes.Count == 0);

    public async ValueTask DisposeAsync()
    {
        Wire.Dispose();
        Setup.Dispose();
        await Symbolon.DisposeAsync();
        await Runner.DisposeAsync();
        await NothingLeftAsync();
        folder.Delete(recursive: true);
    }

    private static string Uid() =>
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2];
}

using System.Net.Sockets;
using Symbolon.Testing;
using Symbolon.Testing.Processes;

namespace Symbolon.EndToEndTests.Credentials;

/// <summary>The sample server in JavaScript with its sidecar, each a process of its own, beside the API and the program of a <see cref="ReleaseStage"/>.</summary>
internal sealed class SidecarStage : IAsyncDisposable
{
    private readonly List<ChildProcess> processes = [];

    private SidecarStage(ReleaseStage stage)
    {
        Stage = stage;
        Http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://localhost") };
    }

    public ReleaseStage Stage { get; }

    /// <summary>Speaks to the sidecar.</summary>
    public HttpClient Http { get; }

    public string State => Path.Combine(Stage.Folder, "sidecar");

    public string Socket => Path.Combine(State, "sidecar.sock");

    public ChildProcess Sidecar { get; private set; } = null!;

    public IReadOnlyList<ChildProcess> Processes => processes;

    /// <summary>Registered, reviewed, enrolled and started.</summary>
    public static async Task<SidecarStage> StartAsync()
    {
        SidecarStage? made = null;
        await ReleaseStage.StartAsync(async stage => await (made = new SidecarStage(stage)).StartServerAsync());
        await made!.Stage.EnrolAsync();
        made.Sidecar = await made.StartSidecarAsync("--enroll", $"@{Path.Combine(made.Stage.Folder, "code")}");
        await made.StartServerAsync("--sidecar", $"unix:{made.Socket}", "--api", made.Stage.Audience);
        return made;
    }

    /// <summary>Without a word about an administrator.</summary>
    public async Task<ChildProcess> StartSidecarAsync(params string[] more)
    {
        var process = ChildProcess.Start(SymbolonProcess.Program,
            ["sidecar", "releases", "--issuer", Stage.Symbolon.Url.GetLeftPart(UriPartial.Authority), "--state", State, "--url", $"{Stage.Server}/mcp", .. more],
            new Dictionary<string, string?> { ["SYMBOLON_TOKEN"] = null, ["SYMBOLON_TOKEN_FILE"] = null, ["SYMBOLON_URL"] = null });
        processes.Add(process);
        await Deadline.ForAsync("the sidecar to listen", () => process.HasEnded
            ? throw new InvalidOperationException(string.Join('\n', process.Errors)) : process.Errors.Any(line => line.Contains(" listens on ", StringComparison.Ordinal)));
        return Sidecar = process;
    }

    /// <summary>The status of a request at the API by way of the sidecar, in the server's own name.</summary>
    public async Task<(int Status, string? Refused)> ForwardAsync(string target)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/forward");
        request.Headers.Add("Symbolon-Target", target);
        request.Headers.Add("Symbolon-As-Server", "true");
        using var answer = await Http.SendAsync(request);
        return ((int)answer.StatusCode, answer.Headers.TryGetValues("Symbolon-Refused", out var refused) ? refused.Single() : null);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        foreach (var process in processes) await process.DisposeAsync();
        await Stage.DisposeAsync();
    }

    /// <summary>The sample is copied to where the npm packages of the tests are found: they are installed once.</summary>
    private async Task<ChildProcess> StartServerAsync(params string[] more)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Stage.Folder, "releases-js")).FullName;
        foreach (var file in Directory.GetFiles(Repo.At("samples", "releases-js"), "*.*js*")) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        if (!Path.Exists(Path.Combine(folder, "node_modules"))) Directory.CreateSymbolicLink(Path.Combine(folder, "node_modules"), NodeProgram.File("node_modules"));
        var process = NodeProgram.Start([Path.Combine(folder, "server.mjs"), "--url", Stage.Server, "--end-with-input", .. more]);
        processes.Add(process);
        await process.LineAsync(line => line.StartsWith("listening on ", StringComparison.Ordinal));
        return process;
    }
}

using System.Net.Sockets;
using Symbolon.Cli;
using Symbolon.Cli.Invocation;
using Symbolon.Server.Outbound;
using Symbolon.Testing.Processes;

namespace Symbolon.ConformanceTests;

/// <summary>The command in this process, on a real disk, beside the endpoints and the API of a <see cref="ClientStage"/>.</summary>
internal sealed class SidecarStage : IAsyncDisposable
{
    private readonly List<(Task<int> Ended, CancellationTokenSource Stop)> running = [];

    private SidecarStage(ClientStage client)
    {
        Client = client;
        Http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketFile), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://localhost") };
    }

    public const string ServerUrl = "http://127.0.0.1:7999/mcp";

    public ClientStage Client { get; }

    /// <summary>Speaks to its socket.</summary>
    public HttpClient Http { get; }

    public string State => Path.Combine(Client.Folder, "state");

    public string SocketFile => Path.Combine(State, "sidecar.sock");

    public StringWriter Errors { get; } = new();

    public static async Task<SidecarStage> StartAsync(params string[] more)
    {
        var stage = await PrepareAsync();
        await stage.ListenAsync(["--enroll", $"@{stage.CodeFile}", .. more]);
        return stage;
    }

    /// <summary>Without a sidecar.</summary>
    public static async Task<SidecarStage> PrepareAsync()
    {
        var stage = new SidecarStage(await ClientStage.StartAsync());
        await File.WriteAllTextAsync(stage.CodeFile, "sym_enr_1\n");
        return stage;
    }

    public string CodeFile => Path.Combine(Client.Folder, "code");

    public async Task ListenAsync(params string[] more)
    {
        var ended = Run(more);
        await Deadline.ForAsync("the sidecar to listen", () => ended.IsCompleted || Errors.ToString().Contains(" listens on ", StringComparison.Ordinal));
        if (ended.IsCompleted) throw new InvalidOperationException(Errors.ToString());
    }

    /// <returns>Its exit code, once it has ended.</returns>
    public Task<int> Run(params string[] more)
    {
        var stop = new CancellationTokenSource();
        var outside = new Outside
        {
            Output = TextWriter.Null, OutputStream = () => Stream.Null, Error = TextWriter.Synchronized(Errors), Input = () => Stream.Null, InputIsTerminal = false, OutputIsTerminal = false,
            Variable = _ => null, Handler = OperatorHandler.Create, Clock = TimeProvider.System,
        };
        var ended = CommandLine.RunAsync(["sidecar", "releases", "--issuer", Client.Symbolon.Issuer, "--state", State, "--url", ServerUrl, .. more], outside, stop.Token);
        running.Add((ended, stop));
        return ended;
    }

    /// <returns>The exit code of the last one.</returns>
    public async Task<int> StopAsync()
    {
        await running[^1].Stop.CancelAsync();
        return await running[^1].Ended;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        foreach (var (ended, stop) in running)
        {
            await stop.CancelAsync();
            await ended;
            stop.Dispose();
        }
        await Client.DisposeAsync();
        await Errors.DisposeAsync();
    }
}

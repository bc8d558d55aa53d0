using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Channels;
using Symbolon.Gateway.Upstreams.Credentials;
using Symbolon.Gateway.Upstreams.Stdio;
using Symbolon.Server.Files;
using Symbolon.Testing;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.Processes;

namespace Symbolon.ConformanceTests.Processes;

/// <summary>Approved servers that are real processes, under the real supervisor, spoken to as the gateway does.</summary>
internal sealed class StdioStage : IAsyncDisposable, ILogger<ChannelFactories>
{
    public static readonly ServerName Name = new("sh");

    private static int stages;

    private readonly Configuration configuration = new(new EpochTable());
    private readonly ChannelUpstreams upstreams;
    private readonly FakeSecretBox box = new();
    private long revision;

    public StdioStage(bool loopback = true, int memoryMiB = 2048, TimeSpan cpu = default, Func<CancellationToken, ValueTask<Socket>>? runner = null, uint? runnerUser = null, int children = 128, int totalMiB = 4096, IPinnedFiles? files = null)
    {
        Mark = $"{4000 + Interlocked.Increment(ref stages)}.{Environment.ProcessId}";
        var host = new StdioHost { ListensOnLoopbackAlone = () => loopback, Supervisor = [SymbolonProcess.Program], ConnectRunner = runner, RunnerUser = runnerUser, SecretFolder = () => Folder.CreateSubdirectory("secrets").FullName };
        Secrets = new SecretFiles(host, configuration, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<SecretFiles>.Instance);
        upstreams = new ChannelUpstreams(
            new ChannelFactories(
                host, new NoHandlers(), configuration, new UpstreamCredentials(configuration, box), new Identities(new RecordingIdentityTokens(), new FakeOrigins()), Secrets, new ProcessTokens(Tokens, TimeProvider.System), files ?? DiskFiles.Instance, Alarm,
                new GatewayOptions
                {
                    MaxAnswerBytes = 1 << 20, MaxProcesses = 4, MaxProcessMemory = memoryMiB, MaxProcessCpu = cpu, MaxProcessChildren = children, MaxProcessTotalMemory = totalMiB,
                }, TimeProvider.System, this),
            configuration);
    }

    /// <summary>Stands in the command line of every process that belongs to this stage.</summary>
    public string Mark { get; }

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("symbolon-stdio-");

    public RecordingAlarm Alarm { get; } = new();

    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>The files of the processes; refreshed as the gateway does once they have been started.</summary>
    public SecretFiles Secrets { get; }

    public FakeServerTokens Tokens { get; } = new(TimeProvider.System);

    /// <summary>What a process reads that is shown a secret by file.</summary>
    public UpstreamCredential Credential { get; set; } = new UpstreamCredential.None();

    public ServerObject Server { get; private set; } = null!;

    /// <summary>The processes that are left, by their command lines.</summary>
    public IReadOnlyList<string> Processes => ProcessList.With(Mark);

    /// <summary>Registers a shell script as an approved server.</summary>
    public async Task<ChannelInvoker> ApproveAsync(
        string? script = null, Func<UpstreamAddress.Stdio, UpstreamAddress.Stdio>? change = null, int number = 1, Lifecycle state = Lifecycle.Active)
    {
        var address = new UpstreamAddress.Stdio { Command = "/bin/sh", Args = [script ?? Repo.At("tests", "data", "stdio", "server.sh"), Mark] };
        if (change is not null) address = change(address);
        var (pins, fault) = await CommandPin.TakeAsync(address, DiskFiles.Instance, TestContext.Current.CancellationToken);
        Assert.Null(fault);
        return Apply(address with { Digests = [.. pins] }, number, state);
    }

    public ChannelInvoker Apply(UpstreamAddress.Stdio address, int number = 1, Lifecycle state = Lifecycle.Active)
    {
        Server = new ServerObject
        {
            Name = Name,
            State = state,
            Approved = new ManifestVersion
            {
                Number = number, AppliedBy = "a", AppliedAt = 0, Manifest = new ServerManifest { Owner = "o@example.com", Upstream = address, Credential = Credential, Tools = [] },
            },
        };
        configuration.Apply(new ConfigurationChanges(++revision, [(OrganisationId.Default, Server)], []));
        return upstreams.For(OrganisationId.Default, Name, Server.Approved!);
    }

    /// <summary>Stores a value as this version of the secret.</summary>
    public void Store(string name, long version, string value) => configuration.Apply(new ConfigurationChanges(++revision, [(OrganisationId.Default,
        new SealedSecret("upstream", name, version, box.Seal(new Core.Sealing.SecretPlace(OrganisationId.Default, "upstream", name, version), Encoding.UTF8.GetBytes(value)), []))], []));

    /// <summary>As a secret is stored that was destroyed.</summary>
    public void Forget(string name, long version) =>
        configuration.Apply(new ConfigurationChanges(++revision, [(OrganisationId.Default, new SealedSecret("upstream", name, version, [], []))], []));

    public static Task<JsonNode> CallAsync(HttpMessageInvoker invoker, string tool, string arguments = "{}", string caller = "alice", CancellationTokenSource? leave = null) =>
        PostAsync(invoker, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool + "\",\"arguments\":" + arguments + ",\"_meta\":{\"progressToken\":1}}}", caller, leave);

    /// <summary>The text of a tool's answer.</summary>
    public static async Task<string> TextAsync(HttpMessageInvoker invoker, string tool, string caller = "alice") =>
        (string)(await CallAsync(invoker, tool, caller: caller))["result"]!["content"]![0]!["text"]!;

    /// <summary>Calls until so much time has passed.</summary>
    public static Task PauseAsync(HttpMessageInvoker invoker, TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        return Deadline.ForAsync("the time to pass", async () =>
        {
            await TextAsync(invoker, "echo");
            return Stopwatch.GetElapsedTime(started) >= time ? "passed" : null;
        });
    }

    /// <returns>The last message of the answer.</returns>
    public static async Task<JsonNode> PostAsync(HttpMessageInvoker invoker, string body, string caller, CancellationTokenSource? leave = null) =>
        (await MessagesAsync(invoker, body, caller, leave))[^1];

    public static async Task<IReadOnlyList<JsonNode>> MessagesAsync(HttpMessageInvoker invoker, string body, string caller, CancellationTokenSource? leave = null)
    {
        var cancellation = leave?.Token ?? TestContext.Current.CancellationToken;
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://process.invalid/") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        ChannelCaller.Mark(request, caller);
        using var response = await invoker.SendAsync(request, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        return response.Content.Headers.ContentType?.MediaType == "text/event-stream"
            ? [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(each => JsonNode.Parse(each["data: ".Length..])!)]
            : [JsonNode.Parse(text)!];
    }

    public Task NothingLeftAsync() => Deadline.ForAsync("no process to be left", () => Processes.Count == 0);

    public async ValueTask DisposeAsync()
    {
        upstreams.Dispose();
        await NothingLeftAsync();
        await Secrets.StopAsync(CancellationToken.None);
        Secrets.Dispose();
        Folder.Delete(recursive: true);
    }

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Log.Enqueue(formatter(state, exception));

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    /// <summary>Nothing here is behind HTTP.</summary>
    private sealed class NoHandlers : IUpstreamHandlers
    {
        public HttpMessageInvoker For(OrganisationId organisation, ServerName server, Uri url) => throw new NotSupportedException();
    }
}

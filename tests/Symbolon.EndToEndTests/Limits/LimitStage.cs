using System.Net;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Symbolon.Testing;
using Symbolon.Testing.Processes;
using Symbolon.Testing.Storage;
using Xunit;

namespace Symbolon.EndToEndTests.Limits;

/// <summary>One program or two over one store, with the C# server that says what ran behind them, and clients of the C# SDK.</summary>
public abstract class LimitStage(StoreKind kind, int count) : IAsyncLifetime
{
    private const int ClientsOfNode = 10;
    private readonly List<SymbolonProcess> nodes = [];
    private ChildProcess? recording;

    public Setup Setup { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        recording = ChildProcess.Start(Repo.At("artifacts", "bin", "Symbolon.RecordingServer", "release", "Symbolon.RecordingServer"), []);
        var url = new Uri((await recording.LineAsync(line => line.StartsWith("listening on ", StringComparison.Ordinal)))["listening on ".Length..]);
        string[] flags = kind == StoreKind.Sqlite ? [] : ["--store", PostgresCluster.Shared.ConnectionString(PostgresCluster.Shared.CreateDatabase())];
        nodes.Add(await SymbolonProcess.StartAsync(flags));
        while (nodes.Count < count) nodes.Add(await SymbolonProcess.StartAsync([.. flags, "--master-key-file", Path.Combine(nodes[0].Folder, "master.key")]));
        Setup = new Setup(nodes[0]);
        await Setup.ServerAsync("recording", url, Setup.Reads("keep"));
    }

    /// <summary>How many calls reached the server with this item.</summary>
    public int Ran(string item) => recording!.Output.Count(line => line.StartsWith("ran ", StringComparison.Ordinal) && line.Contains($"\"{item}\"", StringComparison.Ordinal));

    /// <summary>Ends the calls of <c>hold</c> that reached the server.</summary>
    public Task LetGoAsync() => recording!.WriteLineAsync("let go");

    /// <summary>A token, and a rule about its agent that every node knows.</summary>
    /// <param name="limit">Members of the rule.</param>
    public async Task<(IssuedToken Token, string Rule)> LimitAsync(string tool, string limit)
    {
        var token = await Setup.TokenAsync($"recording:{tool}");
        var policy = $"of-{token.Grant}";
        await Setup.PolicyAsync(policy, $$"""[{"name":"few","servers":["recording"],"tools":["{{tool}}"],"agents":["{{token.Agent}}"],{{limit}}}]""");
        foreach (var node in nodes)
        {
            using var api = new AdminApi(node);
            await Deadline.ForAsync("every node to know the policy", async () => (await api.SendAsync(HttpMethod.Get, $"/policies/{policy}", null)).Status == HttpStatusCode.OK ? "known" : null);
        }
        return (token, $"{policy}/few");
    }

    /// <summary>Calls at once by many clients, as many on each node.</summary>
    /// <param name="comesAgain">When a limit refuses it, as soon as that says.</param>
    public async Task<CallToolResult[]> CallAsync(IssuedToken token, string tool, int calls, IReadOnlyDictionary<string, object?> arguments, bool comesAgain = false)
    {
        var clients = await Task.WhenAll(Enumerable.Range(0, Math.Min(calls, ClientsOfNode * nodes.Count)).Select(number => ConnectAsync(nodes[number % nodes.Count], token)));
        try
        {
            return await Task.WhenAll(Enumerable.Range(0, calls).Select(number => CallAsync(clients[number % clients.Length], tool, arguments, comesAgain)));
        }
        finally
        {
            foreach (var client in clients) await client.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Setup?.Dispose();
        foreach (var node in nodes) await node.DisposeAsync();
        if (recording is not null) await recording.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static async Task<CallToolResult> CallAsync(McpClient client, string tool, IReadOnlyDictionary<string, object?> arguments, bool comesAgain)
    {
        while (true)
        {
            var answer = await client.CallToolAsync(tool, arguments);
            if (!comesAgain || (int?)answer.Meta?["symbolon/refusal"]?["retryAfter"] is not { } seconds) return answer;
            await Task.Delay(TimeSpan.FromSeconds(seconds));
        }
    }

    private static Task<McpClient> ConnectAsync(SymbolonProcess node, IssuedToken token) => McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions
    {
        Endpoint = new Uri(node.Url, "/t/mcp/recording"),
        TransportMode = HttpTransportMode.StreamableHttp,
        AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token.Secret}" },
    }));
}

public sealed class SqliteLimitStage() : LimitStage(StoreKind.Sqlite, 1);

public sealed class PostgresLimitStage() : LimitStage(StoreKind.Postgres, 1);

public sealed class TwoNodeLimitStage() : LimitStage(StoreKind.Postgres, 2);

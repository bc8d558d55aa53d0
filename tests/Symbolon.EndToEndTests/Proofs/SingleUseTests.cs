using System.Net;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Symbolon.Testing.Storage;
using Xunit;

namespace Symbolon.EndToEndTests.Proofs;

/// <summary>What is good for one time, on the wire of the real program: at once, and over its death.</summary>
[Trait("area", "oauth")]
[Collection(nameof(Alone))]
public sealed class SingleUseTests
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    [Trait("clause", "RFC 9449 §11.1")]
    [Trait("hostile", "replay")]
    public async Task Of_a_hundred_parallel_requests_with_one_proof_or_one_assertion_one_wins(StoreKind store)
    {
        await using var stage = await Stage.StartAsync(store);
        using var machine = await MachineClient.CreateAsync(stage.Symbolon, stage.Setup, "machine", "hostile", "fine");
        using var wire = new McpWire(stage.Symbolon.Url);
        var token = await machine.TokenAsync("hostile", isBound: true);
        Assert.Equal("good", (await CallAsync(wire, token, machine.CallProof("hostile", token))).ToolText);

        for (var round = 0; round < 20; round++)
        {
            var (assertion, proof, call) = (machine.Assertion(), machine.TokenProof(), machine.CallProof("hostile", token));
            var byAssertion = await AtOnceAsync(async () => (await machine.AskAsync("hostile", assertion, machine.TokenProof())).Status);
            Assert.Equal((1, 99), (byAssertion.Count(status => status == 200), byAssertion.Count(status => status == 401)));
            var byProof = await AtOnceAsync(async () => (await machine.AskAsync("hostile", machine.Assertion(), proof)).Status);
            Assert.Equal((1, 99), (byProof.Count(status => status == 200), byProof.Count(status => status == 400)));
            var byCall = await AtOnceAsync(async () => (int)(await CallAsync(wire, token, call)).Status);
            Assert.Equal((1, 99), (byCall.Count(status => status == 200), byCall.Count(status => status == 401)));
        }
        Assert.Equal(21, (await stage.Setup.Api.AuditAsync("kind=call_outcome&tool=fine")).Count(record => (string?)record["outcome"] == "completed"));
        (await stage.Symbolon.RunAsync("audit", "verify")).Expect();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    [Trait("clause", "IDENTITY.md §1.2")]
    [Trait("hostile", "replay")]
    public async Task What_was_used_before_a_kill_is_used_after_it(StoreKind store)
    {
        await using var stage = await Stage.StartAsync(store);
        using var machine = await MachineClient.CreateAsync(stage.Symbolon, stage.Setup, "machine", "hostile", "fine");
        using var wire = new McpWire(stage.Symbolon.Url);
        var (assertion, proof) = (machine.Assertion(), machine.TokenProof());
        var (status, json) = await machine.AskAsync("hostile", assertion, proof);
        Assert.Equal(200, status);
        var token = (string)json!["access_token"]!;
        var (call, list) = (machine.CallProof("hostile", token), machine.CallProof("hostile", token));
        Assert.Equal("good", (await CallAsync(wire, token, call)).ToolText);
        Assert.Equal(HttpStatusCode.OK, (await ListAsync(wire, token, list)).Status);

        await stage.Symbolon.KillAsync();
        await stage.Symbolon.RestartAsync();

        foreach (var used in new[] { call, list })
        {
            Assert.Equal("proof_invalid", (await CallAsync(wire, token, used)).Reason);
            Assert.Equal("proof_invalid", (await ListAsync(wire, token, used)).Reason);
        }
        Assert.Equal("invalid_client", (string?)(await machine.AskAsync("hostile", assertion, machine.TokenProof())).Json!["error"]);
        Assert.Equal("invalid_dpop_proof", (string?)(await machine.AskAsync("hostile", machine.Assertion(), proof)).Json!["error"]);
        Assert.Single(stage.Upstream.Requests, request => request.Text.Contains("\"tools/call\"", StringComparison.Ordinal));
        Assert.Equal("good", (await CallAsync(wire, token, machine.CallProof("hostile", token))).ToolText);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    [Trait("clause", "RFC 6749 §10.5")]
    [Trait("clause", "RFC 9126 §7.3")]
    [Trait("hostile", "replay")]
    public async Task Of_a_hundred_parallel_uses_of_one_request_uri_code_or_refresh_token_one_wins(StoreKind store)
    {
        await using var stage = await Stage.StartAsync(store);
        using var client = await PersonClient.CreateAsync(stage.Symbolon, stage.Setup, "alice", "hostile", "fine");
        using var browsers = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = stage.Symbolon.Url };

        for (var round = 0; round < 20; round++)
        {
            var reference = Uri.EscapeDataString(await client.PushAsync());
            var opened = await AtOnceAsync(async () =>
            {
                using var answer = await browsers.GetAsync($"/oauth/authorize?client_id={client.Machine.Id}&request_uri={reference}");
                return answer.StatusCode;
            });
            Assert.Equal((1, 99), (opened.Count(status => status == HttpStatusCode.SeeOther), opened.Count(status => status == HttpStatusCode.BadRequest)));

            var code = await client.CodeAsync();
            var redeemed = await AtOnceAsync(() => client.RedeemAsync(code));
            Assert.Equal((1, 99), (redeemed.Count(each => each.Status == 200), redeemed.Count(each => (string?)each.Json!["error"] == "invalid_grant")));
            // Somebody else has the code: what it gave is dead.
            Assert.Equal("invalid_grant", (string?)(await client.RefreshAsync((string)redeemed.Single(each => each.Status == 200).Json!["refresh_token"]!)).Json!["error"]);

            // A client that asks twice within the grace gets the one successor; there is never a second.
            var (_, refresh) = await client.TokensAsync();
            var refreshed = await AtOnceAsync(() => client.RefreshAsync(refresh));
            var next = Assert.Single(refreshed.Where(each => each.Status == 200).Select(each => (string)each.Json!["refresh_token"]!).Distinct());
            Assert.All(refreshed.Where(each => each.Status != 200), each => Assert.Equal("temporarily_unavailable", (string?)each.Json!["error"]));
            Assert.Equal(200, (await client.RefreshAsync(next)).Status);
        }
        (await stage.Symbolon.RunAsync("audit", "verify")).Expect();
    }

    private static Task<T[]> AtOnceAsync<T>(Func<Task<T>> one) => Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(one)));

    private static Task<WireAnswer> CallAsync(McpWire wire, string token, string proof) => wire.PostAsync(
        "/mcp/hostile", null, McpText.Call("fine", "{}"), [.. McpWire.Modern("tools/call", "fine"), ("Authorization", "DPoP " + token), ("DPoP", proof)]);

    private static Task<WireAnswer> ListAsync(McpWire wire, string token, string proof) => wire.PostAsync(
        "/mcp/hostile", null, McpText.List(), [.. McpWire.Modern("tools/list", null), ("Authorization", "DPoP " + token), ("DPoP", proof)]);

    /// <summary>The program with one server behind it.</summary>
    private sealed record Stage(HostileUpstream Upstream, SymbolonProcess Symbolon, Setup Setup) : IAsyncDisposable
    {
        public static async Task<Stage> StartAsync(StoreKind store)
        {
            var symbolon = await SymbolonProcess.StartAsync(store == StoreKind.Sqlite ? null : ["--store", PostgresCluster.Shared.ConnectionString(PostgresCluster.Shared.CreateDatabase())]);
            var stage = new Stage(new HostileUpstream(), symbolon, new Setup(symbolon));
            await stage.Setup.ServerAsync("hostile", stage.Upstream.Url, Setup.Reads("fine"));
            return stage;
        }

        public async ValueTask DisposeAsync()
        {
            Setup.Dispose();
            await Symbolon.DisposeAsync();
            await Upstream.DisposeAsync();
        }
    }
}

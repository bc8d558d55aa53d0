using System.Net;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Symbolon.Testing.Storage;
using Xunit;

namespace Symbolon.EndToEndTests.Durability;

/// <summary>The program on a real PostgreSQL, which it also loses.</summary>
[Trait("area", "postgresql")]
[Collection(nameof(Alone))]
public sealed class PostgresTests
{
    [Fact]
    public async Task Calls_are_decided_recorded_revoked_and_verified_as_on_sqlite()
    {
        var database = PostgresCluster.Shared.CreateDatabase();
        await using var upstream = new HostileUpstream();
        await using var symbolon = await SymbolonProcess.StartAsync(["--store", PostgresCluster.Shared.ConnectionString(database)]);
        using var setup = new Setup(symbolon);
        using var wire = new McpWire(symbolon.Url);
        await setup.ServerAsync("hostile", upstream.Url, Setup.Reads("fine_sse"));
        var token = await setup.TokenAsync("hostile:fine,fine_sse");
        Assert.Equal(["fine", "fine_sse"], (await wire.ToolsAsync("hostile", token.Secret)).Order(StringComparer.Ordinal));
        Assert.Equal("good", (await wire.CallAsync("hostile", token.Secret, "fine")).ToolText);
        Assert.Equal("good", (await wire.CallAsync("hostile", token.Secret, "fine_sse")).ToolText);
        Assert.Equal("not_granted", (await wire.CallAsync("hostile", token.Secret, "garbage")).Reason);

        (await symbolon.RunAsync("revoke", "--token", token.Id, "--yes")).Expect();
        Assert.Equal(HttpStatusCode.Unauthorized, (await wire.ListAsync("hostile", token.Secret)).Status);
        Assert.Equal(2, (await setup.Api.AuditAsync($"token={token.Id}&kind=call_outcome&tool=fine")).Count + (await setup.Api.AuditAsync($"token={token.Id}&kind=call_outcome&tool=fine_sse")).Count);
        (await symbolon.RunAsync("audit", "verify")).Expect();
    }

    [Fact]
    public async Task A_server_whose_lease_another_takes_ends_with_an_error_that_says_so()
    {
        var store = PostgresCluster.Shared.ConnectionString(PostgresCluster.Shared.CreateDatabase());
        await using var symbolon = await SymbolonProcess.StartAsync(["--store", store]);
        // A folder that was copied with its node's name, as a backup that is started beside the original.
        var copy = Directory.CreateTempSubdirectory("symbolon-copy-").FullName;
        foreach (var file in new[] { "node", "master.key" }) File.Copy(Path.Combine(symbolon.Folder, file), Path.Combine(copy, file));
        await using var other = ChildProcess.Start(SymbolonProcess.Program, ["serve", "--data", copy, "--urls", "http://127.0.0.1:0", "--store", store]);

        Assert.Equal(1, await symbolon.Process.ExitAsync());
        Assert.Contains(symbolon.Process.Errors, line => line.StartsWith("error: The lease of node ", StringComparison.Ordinal) && line.Contains("was lost to another", StringComparison.Ordinal));
        Assert.False(other.HasEnded);
        other.Kill();
        Directory.Delete(copy, recursive: true);
    }

    [Fact]
    public async Task While_the_store_is_away_no_call_goes_out_and_afterwards_all_is_as_before()
    {
        using var cluster = new PostgresCluster();
        await using var upstream = new HostileUpstream();
        await using var symbolon = await SymbolonProcess.StartAsync(["--store", cluster.ConnectionString(cluster.CreateDatabase())]);
        using var setup = new Setup(symbolon);
        using var wire = new McpWire(symbolon.Url);
        await setup.ServerAsync("hostile", upstream.Url);
        var token = await setup.TokenAsync("hostile:fine");
        Assert.Equal("good", (await wire.CallAsync("hostile", token.Secret, "fine")).ToolText);

        cluster.Stop();
        var marker = Guid.NewGuid().ToString("N");
        var refused = await wire.CallAsync("hostile", token.Secret, "fine", $$"""{"marker":"{{marker}}"}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Contains(refused.Reason, (string[])["audit_unavailable", "state_stale"]);
        Assert.DoesNotContain(upstream.Requests, request => request.Text.Contains(marker, StringComparison.Ordinal));

        cluster.Start();
        await Deadline.ForAsync("calls to go through again", async () =>
            (await wire.CallAsync("hostile", token.Secret, "fine")).Status == HttpStatusCode.OK ? "through" : null);
        (await symbolon.RunAsync("audit", "verify")).Expect();
    }
}

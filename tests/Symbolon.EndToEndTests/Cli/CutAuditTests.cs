using Microsoft.Data.Sqlite;
using Symbolon.Testing.Processes;
using Symbolon.Testing.Storage;
using Xunit;

namespace Symbolon.EndToEndTests.Cli;

/// <summary>An audit whose oldest records somebody took out of the database. Attacker's review, finding 8.</summary>
[Trait("area", "audit")]
public sealed class CutAuditTests
{
    [Fact]
    public async Task Verify_says_that_the_oldest_records_are_gone_with_exit_code_2()
    {
        await using var symbolon = await SymbolonProcess.StartAsync();
        using var setup = new Setup(symbolon);
        for (var i = 0; i < 3; i++)
            await setup.Api.ApplyAsync(System.Text.Json.Nodes.JsonNode.Parse(
                $$$"""{"apiVersion":"symbolon/v1","kind":"Agent","metadata":{"name":"bot-{{{i}}}","owner":"owner@example.com"},"spec":{} }""")!);
        (await symbolon.RunAsync("audit", "verify")).Expect();

        // Opening a store of its own makes the driver ready in this process.
        using var empty = TestDatabase.Create(StoreKind.Sqlite);
        using (var opened = new OpenStore(empty.Options)) Assert.True(opened.AuditLog.IsHealthy);
        await using (var database = new SqliteConnection($"Data Source={Path.Combine(symbolon.Folder, "symbolon.db")};Pooling=False"))
        {
            await database.OpenAsync(TestContext.Current.CancellationToken);
            await using var cut = database.CreateCommand();
            cut.CommandText = "DELETE FROM audit WHERE seq < 3";
            Assert.Equal(2, await cut.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }

        var verified = (await symbolon.RunAsync("audit", "verify")).Expect(2);
        Assert.Contains("begins with record 3", verified.Output + verified.Errors, StringComparison.Ordinal);
    }
}

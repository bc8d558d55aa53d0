using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Cli;

/// <summary><c>symbolon audit tail</c> over restarts of a real server, which makes another bootstrap token at each.</summary>
[Trait("area", "cli")]
[UnsupportedOSPlatform("windows")]
public sealed class TailTests
{
    [Fact]
    public async Task Over_restarts_and_a_kill_every_record_is_shown_once_and_in_order()
    {
        await using var symbolon = await SymbolonProcess.StartAsync();
        await using var tail = ChildProcess.Start(SymbolonProcess.Program, ["audit", "tail", "--after", "0", "-o", "json"], new Dictionary<string, string?>
        {
            ["SYMBOLON_URL"] = symbolon.Url.GetLeftPart(UriPartial.Authority),
            ["SYMBOLON_TOKEN"] = null,
            ["SYMBOLON_TOKEN_FILE"] = Path.Combine(symbolon.Folder, "admin-token"),
        });
        await RevokeAsync(symbolon, tail, "first@example.com");

        symbolon.Process.Terminate();
        await symbolon.Process.ExitAsync();
        await symbolon.RestartAsync();
        await RevokeAsync(symbolon, tail, "second@example.com");

        await symbolon.KillAsync();
        await symbolon.RestartAsync();
        await RevokeAsync(symbolon, tail, "third@example.com");

        var seqs = tail.Output.Select(line => (long)JsonNode.Parse(line)!["seq"]!).ToList();
        Assert.Equal(Enumerable.Range(1, seqs.Count).Select(seq => (long)seq), seqs);
        Assert.Equal(2, tail.Errors.Count(line => line.Contains("the server ended the stream after record", StringComparison.Ordinal)));
        Assert.Equal(2, tail.Errors.Count(line => line.Contains("The server is back", StringComparison.Ordinal)));
    }

    private static async Task RevokeAsync(SymbolonProcess symbolon, ChildProcess tail, string user)
    {
        (await symbolon.RunAsync("revoke", "--user", user, "--yes")).Expect();
        await tail.LineAsync(line => line.Contains(user, StringComparison.Ordinal));
    }
}

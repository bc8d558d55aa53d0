using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Testing;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Credentials;

/// <summary>The keys of a server's instance come and go while it works.</summary>
[Trait("area", "credentials")]
public sealed class KeyReplacementTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319d";

    [Fact]
    public async Task A_key_that_is_replaced_every_ten_seconds_under_load_fails_no_call()
    {
        await using var stage = await ReleaseStage.StartAsync("--rotate-key", "10");
        var token = await stage.Setup.TokenAsync("releases");
        var end = Stopwatch.GetTimestamp() + (long)((TestSize.IsLong ? 600 : 35) * (double)Stopwatch.Frequency);
        var calls = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetTimestamp() < end)
            {
                var answer = await stage.CallAsync(token.Secret, "rollout_status", "web", Trace);
                Assert.True(answer.Text.Contains("4.2.0", StringComparison.Ordinal), answer.Text);
                Interlocked.Increment(ref calls);
            }
        })));
        var keys = await KeysAsync(stage);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{calls} calls, {keys.Count} keys"));
        Assert.InRange(keys.Count, 3, 100);
        var active = Assert.Single(keys, key => (string?)key["state"] == "active");
        Assert.Equal("server:releases", (string?)active["enrolledBy"]);
        Assert.All(keys.Where(key => key != active), key => Assert.Equal("replaced", (string?)key["state"]));
        (await stage.Symbolon.RunAsync("audit", "verify")).Expect();
    }

    [Fact]
    public async Task A_runtime_that_is_killed_while_it_replaces_its_key_goes_on_with_the_one_that_is_enrolled()
    {
        await using var stage = await ReleaseStage.StartAsync();
        var token = await stage.Setup.TokenAsync("releases");
        Assert.Contains("4.2.0", (await stage.CallAsync(token.Secret, "rollout_status", "web", Trace)).Text, StringComparison.Ordinal);
        await stage.Releases.DisposeAsync();
        // Killed after Symbolon has heard of the new key and before its answer was written down: the old files, and the next key beside them.
        var (key, enrolled) = (stage.KeyFile, stage.KeyFile + ".enrolled");
        File.Copy(key, key + ".old");
        File.Copy(enrolled, enrolled + ".old");
        await using (await stage.StartReleasesAsync("--rotate-key", "10"))
        {
            await Task.Delay(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            await Deadline.ForAsync("the key to be replaced", async () =>
            {
                await stage.CallAsync(token.Secret, "rollout_status", "web", Trace);
                return (await KeysAsync(stage)).Count == 2 ? "" : null;
            });
        }
        File.Move(key, key + ".next");
        File.Move(key + ".old", key);
        File.Move(enrolled + ".old", enrolled, overwrite: true);
        await using (await stage.StartReleasesAsync())
        {
            Assert.Contains("4.2.0", (await stage.CallAsync(token.Secret, "rollout_status", "web", Trace)).Text, StringComparison.Ordinal);
            Assert.Equal(2, (await KeysAsync(stage)).Count);
            Assert.False(File.Exists(key + ".next"));
        }
    }

    [Fact]
    public async Task An_order_to_replace_keys_names_the_instances_and_when_their_keys_end()
    {
        await using var stage = await ReleaseStage.StartAsync();
        var ordered = JsonNode.Parse((await stage.Symbolon.RunAsync("server", "rotate", "releases", "-o", "json")).Expect().Output)!.AsArray();
        Assert.NotNull((string?)Assert.Single(ordered)!["dueAt"]);
        (await stage.Symbolon.RunAsync("server", "rotate", "releases", "--instance", "nobody")).Expect(5);
        var listed = JsonDocument.Parse((await stage.Symbolon.RunAsync("server", "list", "-o", "json")).Expect().Output).RootElement;
        Assert.True(listed.EnumerateArray().Single(server => server.GetProperty("name").GetString() == "releases").TryGetProperty("oldestKeyAt", out _));
    }

    private static async Task<List<JsonNode>> KeysAsync(ReleaseStage stage) => [.. (await stage.Setup.Api.GetAsync("/servers/releases/keys")).AsArray().Select(key => key!)];
}

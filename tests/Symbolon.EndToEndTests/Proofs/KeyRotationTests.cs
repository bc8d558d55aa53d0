using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Jose;
using Symbolon.Jose.Keys;
using Symbolon.Testing;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Proofs;

/// <summary>The key that signs tokens is another one every ten seconds, while tokens are issued, used and verified by others all the time.</summary>
[Trait("area", "oauth")]
[Collection(nameof(Alone))]
public sealed class KeyRotationTests
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    [Fact]
    [Trait("clause", "IDENTITY.md §2 rule (a)")]
    [Trait("long", LongRun.KeyRotation)]
    public async Task No_call_fails_while_the_signing_key_changes_every_ten_seconds()
    {
        using var run = new LongRun(LongRun.KeyRotation, seed: 0);
        await using var upstream = new HostileUpstream();
        await using var symbolon = await SymbolonProcess.StartAsync(null, ("SYMBOLON_KEYS_JWKS_MAX_AGE", "2s"));
        using var setup = new Setup(symbolon);
        await setup.ServerAsync("hostile", upstream.Url, Setup.Reads("fine"));
        using var machine = await MachineClient.CreateAsync(symbolon, setup, "machine", "hostile", "fine");
        using var wire = new McpWire(symbolon.Url);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(TestSize.Of(20, 120)));
        var failures = new ConcurrentQueue<string>();
        var signers = new ConcurrentDictionary<string, long>();

        var rotations = RotateAsync(setup, stop.Token);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => WorkAsync(symbolon, machine, wire, i % 2 == 0, signers, failures, stop.Token))));

        Assert.Empty(failures.Take(5));
        // Each key signs from seven seconds after it was made, so the last ones may not have begun.
        Assert.InRange(signers.Count, TestSize.Of(2, 10), 1 + await rotations);
        run.Count("rotations", await rotations);
        run.Count("tokens", signers.Values.Sum());
        run.Pass();
    }

    private static async Task<int> RotateAsync(Setup setup, CancellationToken stop)
    {
        var count = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10));
        do
        {
            await setup.Api.PostAsync("/keys/rotate", new JsonObject());
            count++;
        }
        while (await timer.WaitForNextTickAsync(stop).AsTask().ContinueWith(tick => tick.IsCompletedSuccessfully && tick.Result, TaskScheduler.Default));
        return count;
    }

    /// <summary>Asks for a token, has it verified by somebody who keeps the key set for as long as it may be kept, and calls with it and with the first one.</summary>
    private static async Task WorkAsync(
        SymbolonProcess symbolon, MachineClient machine, McpWire wire, bool isBound, ConcurrentDictionary<string, long> signers, ConcurrentQueue<string> failures, CancellationToken stop)
    {
        using var client = new HttpClient();
        string? first = null;
        JsonArray keys = [];
        var read = 0L;
        while (!stop.IsCancellationRequested)
        {
            var token = await machine.TokenAsync("hostile", isBound);
            first ??= token;
            if (read == 0 || Stopwatch.GetElapsedTime(read) > MaxAge)
            {
                read = Stopwatch.GetTimestamp();
                keys = JsonNode.Parse(await client.GetStringAsync(new Uri(symbolon.Url, "/oauth/jwks"), CancellationToken.None))!["keys"]!.AsArray();
            }
            var id = (string)JsonNode.Parse(Base64Url.Decode(Encoding.ASCII.GetBytes(token.Split('.')[0]))!)!["kid"]!;
            signers.AddOrUpdate(id, 1, (_, count) => count + 1);
            if (!Verifies(token, keys.FirstOrDefault(key => (string?)key!["kid"] == id))) failures.Enqueue($"The key set that was kept does not verify what {id} has signed.");
            foreach (var shown in new[] { token, first })
            {
                (string, string)[] headers = isBound ? [("Authorization", "DPoP " + shown), ("DPoP", machine.CallProof("hostile", shown))] : [("Authorization", "Bearer " + shown)];
                var answer = await wire.PostAsync("/mcp/hostile", null, McpText.Call("fine", "{}"), [.. McpWire.Modern("tools/call", "fine"), .. headers]);
                if (answer.Reason is not null || answer.ToolText != "good") failures.Enqueue($"{answer.Status} {answer.Text}");
            }
        }
    }

    private static bool Verifies(string token, JsonNode? key)
    {
        if (key is null || Jwk.Parse(Encoding.UTF8.GetBytes(key.ToJsonString()), out var jwk) != JoseError.None) return false;
        var end = token.LastIndexOf('.');
        return VerificationKey.Import(jwk!)!.Verify(Encoding.ASCII.GetBytes(token[..end]), Base64Url.Decode(Encoding.ASCII.GetBytes(token[(end + 1)..]))!);
    }
}

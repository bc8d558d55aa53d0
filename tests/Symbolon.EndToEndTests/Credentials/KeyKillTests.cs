using System.Net;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing;
using Symbolon.Testing.OAuth;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Credentials;

/// <summary>The process is killed while keys of a server's instances come and are replaced: what is found afterwards is the state before or the one after, whole.</summary>
[Trait("area", "credentials")]
[Collection(nameof(Alone))]
public sealed class KeyKillTests
{
    /// <summary>Symbolon replaces no younger key.</summary>
    private static readonly TimeSpan LeastAge = TimeSpan.FromSeconds(6);

    [Fact]
    [Trait("long", LongRun.KilledKeys)]
    public async Task After_kill_9_in_the_middle_of_an_enrolment_and_a_succession_the_same_code_and_the_same_keys_go_on()
    {
        var seed = TestSize.IsLong ? Random.Shared.NextInt64(1_000_000) : 20261122;
        var random = new Random((int)seed);
        using var run = new LongRun(LongRun.KilledKeys, seed);
        await using var upstream = new HostileUpstream();
        await using var symbolon = await SymbolonProcess.StartAsync();
        using (var setup = new Setup(symbolon)) await setup.ServerAsync("deploy", upstream.Url, Exchanging);

        var waiting = new Queue<(string Instance, ProofKey Key, long Since)>();
        for (var round = 0; round < TestSize.Of(6, 80); round++)
        {
            // Connections of a process that was killed are none of the next one.
            using var http = new HttpClient();
            var server = new ServerByHand(http, symbolon.Url.GetLeftPart(UriPartial.Authority), "deploy");
            var name = $"i{round}";
            var (key, next) = (new ProofKey(), new ProofKey());
            var old = waiting.Count > 0 && TimeProvider.System.GetElapsedTime(waiting.Peek().Since) >= LeastAge ? waiting.Dequeue() : default;
            var code = await CodeAsync(symbolon, name);

            var delay = random.Next(0, 40);
            var enrolment = server.EnrolAsync(code, key);
            var succession = old.Key is null ? null : server.RotateAsync(old.Key, next);
            await Task.Delay(delay, TestContext.Current.CancellationToken);
            await symbolon.KillAsync();
            var enrolled = await enrolment;
            var replaced = succession is null ? null : await succession;
            await symbolon.RestartAsync();
            run.Count("kills", 1);

            using var after = new HttpClient();
            server = new ServerByHand(after, symbolon.Url.GetLeftPart(UriPartial.Authority), "deploy");
            Same(enrolled, await server.EnrolAsync(code, key), "enrolments answered before the kill");
            Assert.Equal([("active", key.Thumbprint.ToString())], await KeysAsync(symbolon, name));
            Assert.Equal(HttpStatusCode.OK, (await server.TokenAsync(key))!.Value.Status);
            waiting.Enqueue((name, key, TimeProvider.System.GetTimestamp()));
            if (old.Key is null) continue;

            Same(replaced, await server.RotateAsync(old.Key, next), "successions answered before the kill");
            Assert.Equal([("replaced", old.Key.Thumbprint.ToString()), ("active", next.Thumbprint.ToString())], await KeysAsync(symbolon, old.Instance));
            Assert.Equal(HttpStatusCode.OK, (await server.TokenAsync(next))!.Value.Status);
            run.Count("successions", 1);
        }
        (await symbolon.RunAsync("audit", "verify")).Expect();
        run.Pass();

        void Same((HttpStatusCode Status, JsonNode Json)? before, (HttpStatusCode Status, JsonNode Json)? again, string counted)
        {
            Assert.True(again!.Value.Status == HttpStatusCode.Created, again.Value.Json.ToJsonString());
            if (before is not { } first) return;
            Assert.Equal(HttpStatusCode.Created, first.Status);
            Assert.Equal((string?)first.Json["key"], (string?)again.Value.Json["key"]);
            Assert.Equal((long?)first.Json["enrolled_at"], (long?)again.Value.Json["enrolled_at"]);
            run.Count(counted, 1);
        }
    }

    private static void Exchanging(JsonObject document)
    {
        document["spec"]!["credential"] = new JsonObject { ["mode"] = "exchange", ["audience"] = "https://api.example.com" };
        foreach (var tool in document["spec"]!["tools"]!.AsArray())
        {
            tool!["effect"] = "read";
            tool["needs"] = new JsonArray(new JsonObject { ["actions"] = new JsonArray("read"), ["resource"] = "docs/*" });
        }
    }

    private static async Task<string> CodeAsync(SymbolonProcess symbolon, string instance)
    {
        using var api = new AdminApi(symbolon);
        return (string)(await api.PostAsync("/servers/deploy/enrolments", new JsonObject { ["instance"] = instance }))["code"]!;
    }

    private static async Task<IEnumerable<(string, string)>> KeysAsync(SymbolonProcess symbolon, string instance)
    {
        using var api = new AdminApi(symbolon);
        return (await api.GetAsync("/servers/deploy/keys")).AsArray().Where(key => (string?)key!["instance"] == instance).Select(key => ((string)key!["state"]!, (string)key["thumbprint"]!)).ToList();
    }
}

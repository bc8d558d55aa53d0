using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Symbolon.Admin.Api;
using Symbolon.Admin.Tokens;
using Symbolon.Cli.Output;
using Symbolon.Client;
using Symbolon.Client.Calls;
using Symbolon.Client.Credentials;
using Symbolon.Server.Outbound;

namespace Symbolon.Cli.Demo;

/// <summary>A server without a secret: it enrols a key, its API hears who calls, refuses it within a second when it is suspended, and one of its instances is ended alone.</summary>
internal sealed class DemoCredentials(DemoStage stage, Narrator narrator, HttpClient http, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(1);
    private static readonly string[] Recorded = ["call_intent", "token_exchanged"];
    private static readonly Uri Web = new("/namespaces/checkout/releases/web", UriKind.Relative);

    public async Task ShowAsync(CancellationToken cancellation)
    {
        // A retired name is never given to another, so each show has its own.
        var name = $"releases-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        await using var releases = new DemoReleases(stage, name);
        narrator.Title("A server gets a key of its own in place of a secret");
        var server = await releases.RegisterAsync(clock, cancellation);
        narrator.Check(JsonPath.Text(server, "state") == "active", $"{name} is approved for what its two tools need at its API, and for nothing else");
        await releases.StartAsync(cancellation);
        using var credential = await releases.EnrolSecondAsync(cancellation);
        var keys = await stage.Admin.GetAsync($"servers/{name}/keys", cancellation);
        narrator.Check(keys.GetArrayLength() == 2, "two instances have made a key each, and enrolled it by a code that is good once", keys.GetRawText());

        using var second = OfServer(credential);
        narrator.Check(await WaitAsync(second, HttpStatusCode.OK, Patience, cancellation), "the API answers the second one for itself");
        var caller = new GatewayCaller(http, stage.Gateway, await TokenAsync(name, cancellation));
        await CallAsync(name, releases, caller, cancellation);
        await SuspendAsync(name, second, cancellation);
        await RevokeAsync(name, credential.KeyThumbprint, second, caller, cancellation);
        await stage.Admin.PostAsync($"servers/{name}/retire", new ReasonRequest { Reason = "end of the demo" }, cancellation);
    }

    private async Task CallAsync(string name, DemoReleases releases, GatewayCaller caller, CancellationToken cancellation)
    {
        narrator.Title("Its API hears who calls, and through whom");
        var trace = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var answer = await caller.CallAsync(name, "rollout_status", Release(), cancellation, trace);
        narrator.Check(answer.Succeeded && answer.Text.Contains("4.2.0", StringComparison.Ordinal), "rollout_status is answered by the API, with a token that was exchanged for this call", answer.ToString());
        var line = await releases.Api.LineAsync(text => text.EndsWith($"trace={trace}", StringComparison.Ordinal), cancellation);
        var said = line[line.IndexOf("person=", StringComparison.Ordinal)..];
        string[] named = ["person=alice@example.com ", "agent=claude-code ", $"server={name} ", $"tool=mcp:{name}:rollout_status ", "scope=read ", "resource=cluster:prod/namespace:checkout/release/web "];
        narrator.Check(named.All(each => said.Contains(each, StringComparison.Ordinal)), "the API's own log has person, agent, server, tool, scope and resource:", said);
        narrator.Say(said);
        var records = (await stage.Admin.ListAsync($"audit?server={name}", 1000, cancellation)).EnumerateArray().Where(record => JsonPath.Text(record, "event.trace") == trace).ToList();
        narrator.Check(
            Recorded.All(kind => records.Any(record => JsonPath.Text(record, "event.kind") == kind && JsonPath.Text(record, "event.allowed") != "no")),
            "and the audit has the call and the exchange under the same trace id", string.Join(' ', records.Select(record => record.GetRawText())));
    }

    private async Task SuspendAsync(string name, HttpClient second, CancellationToken cancellation)
    {
        narrator.Title("The server is suspended, and its API refuses what it has got already");
        await stage.Admin.PostAsync($"servers/{name}/suspend", new ReasonRequest { Reason = "demo" }, cancellation);
        await RefusedAsync(second, cancellation);
        await stage.Admin.PostAsync($"servers/{name}/resume", new ReasonRequest { Reason = "demo" }, cancellation);
        narrator.Check(await WaitAsync(second, HttpStatusCode.OK, Patience, cancellation), "resumed, it gets a new token, and the API answers");
    }

    private async Task RevokeAsync(string name, string key, HttpClient second, GatewayCaller caller, CancellationToken cancellation)
    {
        narrator.Title("One of its two instances is lost, and its key is revoked alone");
        await stage.Admin.DeleteAsync($"servers/{name}/keys/{key}", new ReasonRequest { Reason = "demo" }, cancellation);
        await RefusedAsync(second, cancellation);
        var answer = await caller.CallAsync(name, "rollout_status", Release(), cancellation);
        narrator.Check(answer.Succeeded, "the other one goes on", answer.ToString());
    }

    private async Task RefusedAsync(HttpClient second, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        var isRefused = await WaitAsync(second, HttpStatusCode.Unauthorized, Promised, cancellation);
        narrator.Check(isRefused, $"the API refuses the second instance {clock.GetElapsedTime(began).TotalMilliseconds:0} ms later");
    }

    private async Task<bool> WaitAsync(HttpClient second, HttpStatusCode expected, TimeSpan within, CancellationToken cancellation)
    {
        for (var began = clock.GetTimestamp(); ; await Task.Delay(TimeSpan.FromMilliseconds(20), clock, cancellation))
        {
            if (await StatusAsync(second, cancellation) == expected) return true;
            if (clock.GetElapsedTime(began) > within) return false;
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient second, CancellationToken cancellation)
    {
        try
        {
            using var answer = await second.GetAsync(Web, cancellation);
            return answer.StatusCode;
        }
        catch (SymbolonException)
        {
            // The API has refused the token, and there is no other.
            return HttpStatusCode.Unauthorized;
        }
    }

    private static HttpClient OfServer(ServerCredential credential)
    {
        var handler = SymbolonHandler.AsServer(credential);
        handler.InnerHandler = OperatorHandler.Create();
        return new HttpClient(handler) { BaseAddress = credential.Audience };
    }

    private async Task<string> TokenAsync(string name, CancellationToken cancellation) => JsonPath.Text(await stage.Admin.PostAsync("tokens", new IssueTokenRequest
    {
        User = "alice@example.com",
        Agent = "claude-code",
        Servers = [new ServerAccessRequest { Name = name, All = true }],
        Ttl = "1h",
        CreateGrant = new CreateGrantRequest { Name = name, MaxTtl = "8h" },
    }, cancellation), "token")!;

    private static JsonObject Release() => new() { ["namespace"] = "checkout", ["name"] = "web" };
}

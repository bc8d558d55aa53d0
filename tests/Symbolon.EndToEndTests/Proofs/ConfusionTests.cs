using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Symbolon.Core.Identity;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.OAuth;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Proofs;

/// <summary>Every kind of token at every place where one is taken: each is taken only where it belongs. RFC 8725 §3.11 and §3.12, IDENTITY.md section 1.1.</summary>
[Trait("area", "oauth")]
public sealed class ConfusionTests(ConfusionTests.Stage gateway) : IClassFixture<ConfusionTests.Stage>, IDisposable
{
    private static readonly string[] Kinds =
    [
        "access token", "bound access token", "refresh token", "authorization code", "pushed request", "client assertion", "proof for the token endpoint", "proof for a call", "ID token",
        "pasted token", "admin token", "enrolment code", "session cookie", "sign-in link", "token for events", "security event",
    ];

    /// <summary>Each with the answer to what does not belong there.</summary>
    private static readonly Dictionary<string, string> Places = new()
    {
        ["Bearer at /mcp"] = "401", ["DPoP at /mcp"] = "401", ["DPoP header at /mcp"] = "401 proof_invalid", ["Bearer at /t/mcp"] = "401", ["DPoP at /t/mcp"] = "401 unauthenticated",
        ["token in the address"] = "400 malformed_request", ["Bearer at the admin API"] = "401 unauthenticated", ["client_assertion at the token endpoint"] = "401 invalid_client",
        ["client_assertion at introspection"] = "401 invalid_client", ["client_assertion at revocation"] = "401 invalid_client", ["client_secret"] = "401 invalid_client",
        ["DPoP header at the token endpoint"] = "400 invalid_dpop_proof", ["code at the token endpoint"] = "400 invalid_grant", ["refresh_token at the token endpoint"] = "400 invalid_grant",
        ["token at introspection"] = "200 inactive", ["request_uri at the authorization endpoint"] = "400", ["cookie of the console"] = "401", ["link at the sign-in"] = "401", ["token at the sign-in"] = "401",
        ["Bearer where events are fetched"] = "401",
    };

    /// <summary>All that is taken; every other pair is refused.</summary>
    private static readonly HashSet<(string Kind, string Place)> Right =
    [
        ("access token", "Bearer at /mcp"), ("pasted token", "Bearer at /mcp"), ("bound access token", "DPoP at /mcp"), ("proof for a call", "DPoP header at /mcp"),
        ("pasted token", "Bearer at /t/mcp"), ("admin token", "Bearer at the admin API"), ("client assertion", "client_assertion at the token endpoint"),
        ("client assertion", "client_assertion at introspection"), ("client assertion", "client_assertion at revocation"), ("proof for the token endpoint", "DPoP header at the token endpoint"),
        ("authorization code", "code at the token endpoint"), ("refresh token", "refresh_token at the token endpoint"), ("access token", "token at introspection"),
        ("bound access token", "token at introspection"), ("refresh token", "token at introspection"), ("pushed request", "request_uri at the authorization endpoint"),
        ("session cookie", "cookie of the console"), ("sign-in link", "link at the sign-in"), ("admin token", "token at the sign-in"),
        ("token for events", "Bearer where events are fetched"),
    ];

    private readonly HttpClient plain = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });

    public static TheoryData<string> AllKinds => [.. Kinds];

    public void Dispose() => plain.Dispose();

    [Theory]
    [MemberData(nameof(AllKinds))]
    [Trait("clause", "RFC 8725 §3.12")]
    [Trait("hostile", "confusion")]
    public async Task A_token_of_one_kind_is_taken_nowhere_as_one_of_another(string kind)
    {
        using var client = await PersonClient.CreateAsync(gateway.Symbolon, gateway.Setup, "confused-" + Guid.NewGuid().ToString("N")[..8], "hostile", "fine");
        var machine = client.Machine;
        var bound = await machine.TokenAsync("hostile", isBound: true);
        foreach (var (place, refusal) in Places)
        {
            var token = await NewAsync(kind, client, bound);
            var (isTaken, answer, text) = await ShowAsync(client, place, token, bound);
            Assert.True(isTaken == Right.Contains((kind, place)), $"{kind}, {place}: {answer} {text}");
            if (isTaken) continue;
            Assert.True(refusal == answer || (!refusal.Contains(' ', StringComparison.Ordinal) && answer.StartsWith(refusal + " ", StringComparison.Ordinal)), $"{kind}, {place}: {answer} {text}");
            Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    [Trait("clause", "RFC 7009 §2.1")]
    [Trait("hostile", "confusion")]
    public async Task What_is_given_back_as_a_token_and_is_none_lives_on(string kind)
    {
        using var client = await PersonClient.CreateAsync(gateway.Symbolon, gateway.Setup, "returned-" + Guid.NewGuid().ToString("N")[..8], "hostile", "fine");
        var bound = await client.Machine.TokenAsync("hostile", isBound: true);
        var token = await NewAsync(kind, client, bound);
        foreach (var hint in new[] { "access_token", "refresh_token", "id_token" })
        {
            var (status, json) = await client.Machine.PostAsync("/oauth/revoke", null, [.. client.Machine.Authentication(), ("token", token), ("token_type_hint", hint)]);
            Assert.True(status == 200 && json is null, $"{status} {json}");
        }
        var place = Right.FirstOrDefault(pair => pair.Kind == kind).Place;
        if (place is null) return;
        var (isTaken, answer, text) = await ShowAsync(client, place, token, kind == "proof for a call" ? bound : "");
        Assert.True(isTaken != (kind is "access token" or "bound access token" or "refresh token"), $"{kind}, {place}: {answer} {text}");
    }

    private async Task<string> NewAsync(string kind, PersonClient client, string bound) => kind switch
    {
        "access token" => await client.Machine.TokenAsync("hostile", isBound: false),
        "bound access token" => bound,
        "refresh token" => (await client.TokensAsync()).Refresh,
        "authorization code" => await client.CodeAsync(),
        "pushed request" => await client.PushAsync(),
        "client assertion" => client.Machine.Assertion(),
        "proof for the token endpoint" => client.Machine.TokenProof(),
        "proof for a call" => client.Machine.CallProof("hostile", bound),
        "ID token" => client.Machine.IdToken(client.Person),
        "pasted token" => (await gateway.Setup.TokenAsync("hostile:fine")).Secret,
        "admin token" => gateway.Symbolon.AdminToken,
        "enrolment code" => PastedToken.Create(TokenKind.Enrolment),
        "session cookie" => await SessionAsync(client),
        "sign-in link" => (await File.ReadAllTextAsync(Path.Combine(gateway.Symbolon.Folder, "sign-in-link"))).Trim().Split("link=")[1],
        "token for events" => gateway.EventsToken,
        "security event" => gateway.SecurityEvent,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static async Task<string> SessionAsync(PersonClient client)
    {
        await client.CodeAsync();
        return client.Browser.Session.Value;
    }

    /// <returns>Whether it was taken; the status and the code of the error; and the whole answer.</returns>
    private async Task<(bool IsTaken, string Answer, string Text)> ShowAsync(PersonClient client, string place, string token, string bound)
    {
        var machine = client.Machine;
        // With a good proof of this very text where a proof belongs to it, so that nothing but the kind can be what is wrong.
        var proof = machine.CallProof("hostile", token);
        switch (place)
        {
            case "Bearer at /mcp": return await McpAsync("/mcp/hostile", ("Authorization", "Bearer " + token));
            case "DPoP at /mcp": return await McpAsync("/mcp/hostile", ("Authorization", "DPoP " + token), ("DPoP", proof));
            case "DPoP header at /mcp": return await McpAsync("/mcp/hostile", ("Authorization", "DPoP " + bound), ("DPoP", token));
            case "Bearer at /t/mcp": return await McpAsync("/t/mcp/hostile", ("Authorization", "Bearer " + token));
            case "DPoP at /t/mcp": return await McpAsync("/t/mcp/hostile", ("Authorization", "DPoP " + token), ("DPoP", proof));
            case "token in the address": return await McpAsync($"/mcp/hostile?access_token={token}");
            case "Bearer at the admin API": return await GetAsync("/api/v1/servers", "Authorization", "Bearer " + token);
            case "client_assertion at the token endpoint": return Of(await machine.AskAsync("hostile", token, null));
            case "DPoP header at the token endpoint": return Of(await machine.AskAsync("hostile", machine.Assertion(), token));
            case "client_assertion at introspection": return Of(await machine.PostAsync("/oauth/introspect", null, [.. machine.Authentication(token), ("token", "x")]));
            case "client_assertion at revocation": return Of(await machine.PostAsync("/oauth/revoke", null, [.. machine.Authentication(token), ("token", "x")]));
            case "client_secret": return Of(await machine.PostAsync("/oauth/introspect", null, ("client_id", machine.Id), ("client_secret", token), ("token", "x")));
            case "code at the token endpoint": return Of(await client.RedeemAsync(token));
            case "refresh_token at the token endpoint": return Of(await client.RefreshAsync(token));
            case "token at introspection":
                var (status, json) = await machine.PostAsync("/oauth/introspect", null, [.. machine.Authentication(), ("token", token)]);
                return ((bool)json!["active"]!, status + " inactive", json.ToJsonString());
            case "request_uri at the authorization endpoint": return await BringAsync(client, token);
            case "cookie of the console": return await GetAsync("/my-access", "Cookie", $"symbolon-{gateway.Symbolon.Url.Port}={token}");
            case "link at the sign-in": return await GetAsync("/sign-in?link=" + Uri.EscapeDataString(token));
            case "token at the sign-in": return await SignInAsync(token);
            case "Bearer where events are fetched": return await SendAsync(gateway.Poll(token));
            default: throw new ArgumentOutOfRangeException(nameof(place), place, null);
        }
    }

    private static async Task<(bool, string, string)> BringAsync(PersonClient client, string reference)
    {
        try
        {
            var told = await client.Browser.BringAsync($"client_id={client.Machine.Id}&request_uri={Uri.EscapeDataString(reference)}");
            return (told.ContainsKey("code"), "303", string.Join('&', told));
        }
        catch (InvalidOperationException stopped)
        {
            return (false, stopped.Message[..4], stopped.Message);
        }
    }

    private async Task<(bool, string, string)> McpAsync(string path, params (string Name, string Value)[] headers)
    {
        var answer = await gateway.Wire.PostAsync(path, null, McpText.Call("fine", "{}"), [.. McpWire.Modern("tools/call", "fine"), .. headers]);
        return (answer is { Status: HttpStatusCode.OK, Reason: null }, $"{(int)answer.Status} {answer.Reason}", answer.Text + answer.Headers);
    }

    private async Task<(bool, string, string)> GetAsync(string path, string? header = null, string? value = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Symbolon.Url, path));
        if (header is not null) request.Headers.TryAddWithoutValidation(header, value);
        return await SendAsync(request);
    }

    private async Task<(bool, string, string)> SignInAsync(string token)
    {
        using var shown = await plain.GetAsync(new Uri(gateway.Symbolon.Url, "/sign-in"));
        var form = WebUtility.HtmlDecode(Regex.Match(await shown.Content.ReadAsStringAsync(), "name=\"form\" value=\"([^\"]+)\"").Groups[1].Value);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Symbolon.Url, "/sign-in/token")) { Content = new FormUrlEncodedContent([KeyValuePair.Create("form", form), KeyValuePair.Create("token", token)]) };
        request.Headers.Add("Cookie", shown.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        return await SendAsync(request);
    }

    private async Task<(bool, string, string)> SendAsync(HttpRequestMessage request)
    {
        using var answer = await plain.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var code = answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? (string?)JsonNode.Parse(text)!["code"] : "";
        return ((int)answer.StatusCode < 400, $"{(int)answer.StatusCode} {code}", text);
    }

    private static (bool, string, string) Of((int Status, JsonNode? Json) answer) => (answer.Status == 200, $"{answer.Status} {answer.Json?["error"]}", answer.Json?.ToJsonString() ?? "");

    /// <summary>A program of its own: the link that its start made is good for ten minutes.</summary>
    public sealed class Stage : IAsyncLifetime
    {
        private readonly HostileUpstream upstream = new();

        public SymbolonProcess Symbolon { get; private set; } = null!;

        public Setup Setup { get; private set; } = null!;

        public McpWire Wire { get; private set; } = null!;

        /// <summary>By which an API fetches what it is told.</summary>
        public string EventsToken { get; private set; } = null!;

        /// <summary>What it is told.</summary>
        public string SecurityEvent { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Symbolon = await SymbolonProcess.StartAsync();
            (Setup, Wire) = (new Setup(Symbolon), new McpWire(Symbolon.Url));
            await Setup.ServerAsync("hostile", upstream.Url, Setup.Reads("fine"));
            await ListenAsync();
        }

        public HttpRequestMessage Poll(string token)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Symbolon.Url, "/oauth/events")) { Content = new StringContent("""{"returnImmediately":true}""", Encoding.UTF8, "application/json") };
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
            return request;
        }

        /// <summary>Makes an API that is told one event.</summary>
        private async Task ListenAsync()
        {
            using var key = new ProofKey();
            var issuer = Symbolon.Url.GetLeftPart(UriPartial.Authority);
            await Setup.Api.PostAsync("/clients", new JsonObject
            {
                ["name"] = "billing", ["owner"] = "o@example.com", ["audience"] = "https://billing.example.com", ["keys"] = new JsonArray(JsonNode.Parse(key.Jwk)), ["events"] = new JsonObject { ["delivery"] = "poll" },
            });
            await Setup.Api.PostAsync("/revocations", new JsonObject { ["user"] = "nobody@example.com" });
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            using var http = new HttpClient();
            using var given = await http.PostAsync(new Uri(Symbolon.Url, "/oauth/token"), new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials", ["resource"] = issuer + "/oauth/events", ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ["client_assertion"] = key.Assert(new JsonObject { ["iss"] = "billing", ["sub"] = "billing", ["aud"] = issuer, ["iat"] = now, ["exp"] = now + 60, ["jti"] = Guid.NewGuid().ToString() }),
            }));
            EventsToken = (string)JsonNode.Parse(await given.Content.ReadAsStringAsync())!["access_token"]!;
            using var told = await http.SendAsync(Poll(EventsToken));
            SecurityEvent = (string)JsonNode.Parse(await told.Content.ReadAsStringAsync())!["sets"]!.AsObject().Single().Value!;
        }

        public async ValueTask DisposeAsync()
        {
            Wire?.Dispose();
            Setup?.Dispose();
            if (Symbolon is not null) await Symbolon.DisposeAsync();
            await upstream.DisposeAsync();
        }
    }
}

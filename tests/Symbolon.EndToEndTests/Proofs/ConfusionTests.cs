using System.Net.Http.Headers;
using System.Text;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Xunit;

namespace Symbolon.EndToEndTests.Proofs;

/// <summary>Every kind of token at every place where one is taken: each is taken only where it belongs. RFC 8725 §3.11 and §3.12, IDENTITY.md section 1.1.</summary>
[Trait("area", "oauth")]
public sealed class ConfusionTests(RunningGateway gateway)
{
    private static readonly string[] Kinds = ["access token", "bound access token", "client assertion", "proof for the token endpoint", "proof for a call", "pasted token", "admin token"];

    private static readonly string[] Places =
    [
        "Bearer at /mcp", "DPoP at /mcp", "DPoP header at /mcp", "Bearer at /t/mcp", "DPoP at /t/mcp", "Bearer at the admin API", "client_assertion at the token endpoint",
        "DPoP header at the token endpoint", "token at introspection", "client_assertion at introspection", "client_assertion at revocation", "client_secret", "token in the address",
    ];

    /// <summary>All that is taken; every other pair is refused.</summary>
    private static readonly HashSet<(string Kind, string Place)> Right =
    [
        ("access token", "Bearer at /mcp"), ("pasted token", "Bearer at /mcp"), ("bound access token", "DPoP at /mcp"), ("proof for a call", "DPoP header at /mcp"),
        ("pasted token", "Bearer at /t/mcp"), ("admin token", "Bearer at the admin API"), ("client assertion", "client_assertion at the token endpoint"),
        ("proof for the token endpoint", "DPoP header at the token endpoint"), ("access token", "token at introspection"), ("bound access token", "token at introspection"),
        ("client assertion", "client_assertion at introspection"), ("client assertion", "client_assertion at revocation"),
    ];

    public static TheoryData<string> AllKinds => [.. Kinds];

    [Theory]
    [MemberData(nameof(AllKinds))]
    [Trait("clause", "RFC 8725 §3.12")]
    [Trait("hostile", "confusion")]
    public async Task A_token_of_one_kind_is_taken_nowhere_as_one_of_another(string kind)
    {
        using var machine = await MachineClient.CreateAsync(gateway.Symbolon, gateway.Setup, "confused-" + Guid.NewGuid().ToString("N")[..8], "hostile", "fine");
        var pasted = (await gateway.Setup.TokenAsync("hostile:fine")).Secret;
        var bound = await machine.TokenAsync("hostile", isBound: true);
        async Task<string> NewAsync() => kind switch
        {
            "access token" => await machine.TokenAsync("hostile", isBound: false),
            "bound access token" => bound,
            "client assertion" => machine.Assertion(),
            "proof for the token endpoint" => machine.TokenProof(),
            "proof for a call" => machine.CallProof("hostile", bound),
            "pasted token" => pasted,
            "admin token" => gateway.Symbolon.AdminToken,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

        foreach (var place in Places)
        {
            var token = await NewAsync();
            var (isTaken, status, text) = await ShowAsync(machine, place, token, bound);
            Assert.True(isTaken == Right.Contains((kind, place)), $"{kind}, {place}: {status} {text}");
            Assert.True(status < 500, $"{kind}, {place}: {status} {text}");
            if (!isTaken) Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        }
    }

    private async Task<(bool IsTaken, int Status, string Text)> ShowAsync(MachineClient machine, string place, string token, string bound)
    {
        // With a good proof of this very text where a proof belongs to it, so that nothing but the kind can be what is wrong.
        var proof = Encoding.ASCII.GetByteCount(token) == token.Length ? machine.CallProof("hostile", token) : "";
        switch (place)
        {
            case "Bearer at /mcp": return await McpAsync("/mcp/hostile", ("Authorization", "Bearer " + token));
            case "DPoP at /mcp": return await McpAsync("/mcp/hostile", ("Authorization", "DPoP " + token), ("DPoP", proof));
            case "DPoP header at /mcp": return await McpAsync("/mcp/hostile", ("Authorization", "DPoP " + bound), ("DPoP", token));
            case "Bearer at /t/mcp": return await McpAsync("/t/mcp/hostile", ("Authorization", "Bearer " + token));
            case "DPoP at /t/mcp": return await McpAsync("/t/mcp/hostile", ("Authorization", "DPoP " + token), ("DPoP", proof));
            case "token in the address": return await McpAsync($"/mcp/hostile?access_token={token}");
            case "Bearer at the admin API": return await AdminAsync(token);
            case "client_assertion at the token endpoint": return Of(await machine.AskAsync("hostile", token, null));
            case "DPoP header at the token endpoint": return Of(await machine.AskAsync("hostile", machine.Assertion(), token));
            case "client_assertion at introspection": return Of(await machine.PostAsync("/oauth/introspect", null, Form(token, "x")));
            case "client_assertion at revocation": return Of(await machine.PostAsync("/oauth/revoke", null, Form(token, "x")));
            case "client_secret": return Of(await machine.PostAsync("/oauth/introspect", null, ("client_id", $"agent:{machine.Name}"), ("client_secret", token), ("token", "x")));
            case "token at introspection":
                var (status, json) = await machine.PostAsync("/oauth/introspect", null, Form(machine.Assertion(), token));
                return ((bool)json!["active"]!, status, json.ToJsonString());
            default: throw new ArgumentOutOfRangeException(nameof(place), place, null);
        }
    }

    private async Task<(bool, int, string)> McpAsync(string path, params (string Name, string Value)[] headers)
    {
        var answer = await gateway.Wire.PostAsync(path, null, McpText.Call("fine", "{}"), [.. McpWire.Modern("tools/call", "fine"), .. headers]);
        return (answer is { Status: System.Net.HttpStatusCode.OK, Reason: null }, (int)answer.Status, answer.Text + answer.Headers);
    }

    private async Task<(bool, int, string)> AdminAsync(string token)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Symbolon.Url, "/api/v1/servers"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.SendAsync(request);
        return (answer.IsSuccessStatusCode, (int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static (string, string)[] Form(string assertion, string token) =>
        [("client_assertion_type", MachineClient.AssertionType), ("client_assertion", assertion), ("token", token)];

    private static (bool, int, string) Of((int Status, System.Text.Json.Nodes.JsonNode? Json) answer) => (answer.Status == 200, answer.Status, answer.Json?.ToJsonString() ?? "");
}

using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;

namespace Symbolon.EndToEndTests.Proofs;

/// <summary>A client with a key that acts for itself and for a person, and that person at a browser.</summary>
internal sealed class PersonClient : IDisposable
{
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private readonly string server;

    private PersonClient(MachineClient machine, PersonBrowser browser, string person, string server) => (Machine, Browser, Person, this.server) = (machine, browser, person, server);

    public MachineClient Machine { get; }

    public PersonBrowser Browser { get; }

    /// <summary>The person's address.</summary>
    public string Person { get; }

    /// <summary>Makes account, agent, client and grants, all of this name.</summary>
    public static async Task<PersonClient> CreateAsync(SymbolonProcess symbolon, Setup setup, string name, string server, params string[] tools)
    {
        var machine = await MachineClient.CreateAsync(symbolon, setup, name, server, tools);
        var person = name + "@example.com";
        await setup.Api.PostAsync("/users", new JsonObject { ["email"] = person, ["password"] = PersonBrowser.Password });
        await setup.Api.ApplyAsync(new JsonObject
        {
            ["apiVersion"] = "symbolon/v1", ["kind"] = "Grant", ["metadata"] = new JsonObject { ["name"] = $"{name}-person" },
            ["spec"] = new JsonObject
            {
                ["to"] = new JsonObject { ["users"] = new JsonArray(person) },
                ["servers"] = new JsonArray(new JsonObject { ["name"] = server, ["tools"] = new JsonArray([.. tools.Select(tool => JsonValue.Create(tool))]) }),
            },
        });
        await setup.Api.PostAsync("/clients", new JsonObject
        {
            ["name"] = name, ["owner"] = "owner@example.com", ["agent"] = name, ["keys"] = new JsonArray(machine.Jwk), ["redirects"] = new JsonArray(PersonBrowser.Callback),
        });
        machine.Id = name;
        return new PersonClient(machine, new PersonBrowser(symbolon, person), person, server);
    }

    /// <summary>A reference to a pushed request.</summary>
    public async Task<string> PushAsync() => (string)(await Machine.PostAsync("/oauth/par", null, [.. Machine.Authentication(), .. Request()])).Json!["request_uri"]!;

    /// <summary>A code to which the person has consented, of a request that was pushed.</summary>
    public async Task<string> CodeAsync() => (await Browser.BringAsync($"client_id={Machine.Id}&request_uri={Uri.EscapeDataString(await PushAsync())}"))["code"];

    public Task<(int Status, JsonNode? Json)> RedeemAsync(string code, string? proof = null) => Machine.PostAsync("/oauth/token", proof,
        [.. Machine.Authentication(), ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", PersonBrowser.Callback), ("code_verifier", Verifier)]);

    public Task<(int Status, JsonNode? Json)> RefreshAsync(string token, string? proof = null) =>
        Machine.PostAsync("/oauth/token", proof, [.. Machine.Authentication(), ("grant_type", "refresh_token"), ("refresh_token", token)]);

    /// <summary>Access and refresh token of a new consent.</summary>
    public async Task<(string Access, string Refresh)> TokensAsync()
    {
        var (status, json) = await RedeemAsync(await CodeAsync());
        return status == 200 ? ((string)json!["access_token"]!, (string)json["refresh_token"]!) : throw new InvalidOperationException($"{status}: {json}");
    }

    public void Dispose()
    {
        Machine.Dispose();
        Browser.Dispose();
    }

    private (string Name, string Value)[] Request() =>
    [
        ("response_type", "code"), ("redirect_uri", PersonBrowser.Callback), ("code_challenge", Challenge), ("code_challenge_method", "S256"), ("resource", $"{Machine.Origin}/mcp/{server}"),
    ];
}

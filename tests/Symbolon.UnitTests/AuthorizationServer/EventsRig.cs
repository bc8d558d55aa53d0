using System.Text.Json;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.SecurityEvents;
using Symbolon.Jose.Signatures;
using Symbolon.Testing.OAuth;
using Symbolon.UnitTests.Admin;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>An authorization server with an API that fetches its events.</summary>
internal sealed class EventsRig : IAsyncDisposable
{
    public const string Api = "billing";
    public const string Audience = "https://billing.example.com";
    public const string Resource = OAuthHost.Issuer + "/oauth/events";

    private EventsRig(OAuthHost host) => Host = host;

    public OAuthHost Host { get; }

    public Es256SigningKey Key { get; } = Es256SigningKey.Generate();

    public static async Task<EventsRig> StartAsync()
    {
        var rig = new EventsRig(await OAuthHost.StartAsync());
        rig.Host.Apply(rig.Client(new ClientEvents(null)));
        return rig;
    }

    public ClientObject Client(ClientEvents? events) => new() { Name = Api, Owner = "o@example.com", Audience = Audience, Keys = [Key.PublicKey.ToJson()], Events = events };

    public SecurityEvent Add(RevocationLevel? level = RevocationLevel.User, string target = "alice@example.com", string client = Api, string by = "admin@example.com", long? notBefore = null)
    {
        var now = UnixTime.Microseconds(Host.Clock);
        var told = new SecurityEvent(OrganisationId.Default, client, SecurityEvent.NewId(), 7, level, target, notBefore ?? now, by, now);
        Host.Events.Waiting.Add(told);
        return told;
    }

    public Task<Answer> AskAsync(params (string Name, string? Value)[] more) => Host.TokenWithAsync(Host.Assertion(Api, Key), more);

    public async Task<string> TokenAsync()
    {
        var answer = await Host.TokenWithAsync(Host.Assertion(Api, Key), ("resource", Resource));
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json.GetProperty("access_token").GetString()!;
    }

    public async Task<string> BoundTokenAsync(ProofKey holder)
    {
        var answer = await Host.SendAsync(
            "POST", "/oauth/token",
            $"grant_type=client_credentials&client_assertion_type={Uri.EscapeDataString(OAuthHost.AssertionType)}&client_assertion={Host.Assertion(Api, Key)}&resource={Uri.EscapeDataString(Resource)}",
            headers: ("DPoP", holder.Proof("POST", OAuthHost.Issuer + "/oauth/token", Host.Now)));
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json.GetProperty("access_token").GetString()!;
    }

    public Task<Answer> PollAsync(string? token, string body = """{"returnImmediately":true}""", params (string, string)[] headers) =>
        Host.SendAsync("POST", "/oauth/events", body, "application/json", headers: [.. token is null ? [] : new[] { ("Authorization", $"Bearer {token}") }, .. headers]);

    public static IReadOnlyList<string> IdsOf(Answer answer) => [.. answer.Json.GetProperty("sets").EnumerateObject().Select(each => each.Name)];

    public static JsonElement HeaderOf(string token) => JsonDocument.Parse(Symbolon.Jose.Base64Url.Decode(System.Text.Encoding.ASCII.GetBytes(token.Split('.')[0]))!).RootElement;

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Key.Dispose();
    }
}

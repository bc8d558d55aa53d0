using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.AuthorizationServer;
using Symbolon.AuthorizationServer.Consent;
using Symbolon.AuthorizationServer.Login;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.Accounts;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Outbound;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Sealing;
using Symbolon.Core.SecurityEvents;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;
using Symbolon.Jose.Signatures;
using Symbolon.Registry.Credentials;
using Symbolon.Testing.Fakes;
using Symbolon.UnitTests.Admin;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>The authorization server over a store in memory, without a network: servers shop and deploy, agents bot and other, each with a key.</summary>
internal sealed class OAuthHost : IAsyncDisposable
{
    public const string Issuer = FakeOrigins.Origin;
    public const string Shop = Issuer + "/mcp/shop";
    public const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private readonly InProcessServer server = new();
    private readonly WebApplication app;
    private long revision = 1_000_000;

    private OAuthHost(AuthorizationServerOptions options, bool withPeople)
    {
        Configuration = new Configuration(new EpochTable());
        Store = new InMemoryStore(Configuration);
        Freshness = new Freshness(Clock, TimeSpan.FromHours(24 * 365));
        Freshness.Confirm(Clock.GetTimestamp());
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore().AddLogging();
        builder.Services.AddSingleton<IServer>(server).AddSingleton<TimeProvider>(Clock).AddSingleton(Configuration).AddSingleton(Freshness);
        builder.Services.AddSingleton<IChangeLog>(Store).AddSingleton<IConfigurationStore>(Store).AddSingleton<ITokenStore>(Store);
        builder.Services.AddSingleton<IAuditLog>(Audit).AddSingleton<IAuditStore>(Audit).AddSingleton<IRefusalLog>(Refusals).AddSingleton<IProofUses>(Proofs);
        builder.Services.AddSingleton<INodeStore>(new FakeNodes()).AddSingleton<ISecretBox, FakeSecretBox>().AddSingleton<IPublicOrigins, FakeOrigins>();
        Authorizations = new FakeAuthorizationStore(Proofs);
        Accounts = new FakeAccounts(Audit, Configuration.Epochs);
        builder.Services.AddSingleton<IAuthorizationStore>(Authorizations).AddSingleton<IDynamicClientStore>(DynamicClients).AddSingleton<IFetch>(Web).AddSingleton<IAccountStore>(Accounts).AddSingleton<ISignInAttempts>(Accounts).AddSingleton<IPersonSessions>(People).AddSingleton<IConsentPages>(Pages);
        builder.Services.AddSingleton<ISecurityEventStore>(Events).AddSingleton<IEventPost>(Posts);
        builder.Services.AddAuthorizationServer().AddOAuth(options);
        builder.Services.AddSingleton<KeyHolders>().AddSingleton<EnrolmentRecords>().AddSingleton<EnrolmentDesk>().AddSingleton<KeySuccessions>().AddSingleton<IEnrolments, EnrolmentClaims>().AddSingleton<IWorkloadEnrolments, WorkloadEnrolments>();
        if (withPeople) builder.Services.AddPeopleClients();
        app = builder.Build();
        app.UseRouting();
        app.MapAuthorizationServer();
    }

    public FakeClock Clock { get; } = new();

    public Configuration Configuration { get; }

    public InMemoryStore Store { get; }

    public Freshness Freshness { get; }

    public FakeAuthorizationStore Authorizations { get; }

    public FakeAccounts Accounts { get; }

    public FakeDynamicClients DynamicClients { get; } = new();

    /// <summary>The documents that can be fetched.</summary>
    public FakeFetch Web { get; } = new();

    /// <summary>The security events that wait.</summary>
    public FakeSecurityEvents Events { get; } = new();

    /// <summary>Whom events are posted to.</summary>
    public FakeEventPost Posts { get; } = new();

    /// <summary>Who sits at the browser.</summary>
    public FakePeople People { get; } = new();

    /// <summary>What people were shown.</summary>
    public FakeConsentPages Pages { get; } = new();

    /// <summary>Where the next requests come from.</summary>
    public IPAddress Peer { get; set; } = IPAddress.Loopback;

    public RecordingAudit Audit { get; } = new();

    public RecordingRefusals Refusals { get; } = new();

    public FakeProofUses Proofs { get; } = new();

    /// <summary>The key of <c>agent:bot</c>.</summary>
    public Es256SigningKey Key { get; } = Es256SigningKey.Generate();

    /// <summary>The key of <c>agent:other</c>.</summary>
    public Es256SigningKey OtherKey { get; } = Es256SigningKey.Generate();

    public long Now => Clock.GetUtcNow().ToUnixTimeSeconds();

    public static async Task<OAuthHost> StartAsync(AuthorizationServerOptions? options = null, bool withPeople = true)
    {
        var host = new OAuthHost(options ?? new AuthorizationServerOptions(), withPeople);
        await host.app.StartAsync();
        host.Apply(
            ServerOf("shop"), ServerOf("deploy"), ServerOf("closed") with { State = Lifecycle.Retired },
            Agent("bot", host.Key), Agent("other", host.OtherKey), new AgentObject { Name = new AgentName("keyless"), Owner = "o@example.com" },
            Grant("bot-shop", "bot", "shop", [new("look"), new("change")], [], 1800), Grant("bot-deploy", "bot", "deploy", [], [Effect.Read], null));
        return host;
    }

    /// <summary>Makes the account of a person, or suspends it; nothing is revoked by that here.</summary>
    public async Task SetAccountAsync(string email, bool isSuspended = false, long notBefore = 0)
    {
        var known = await Accounts.FindAsync(OrganisationId.Default, UserEmail.Parse(email), CancellationToken.None);
        await Accounts.TryPutAsync(OrganisationId.Default, new Account
        {
            Email = UserEmail.Parse(email), IsSuspended = isSuspended, NotBefore = notBefore, CreatedAt = 0, LastChange = new StateChange { By = "test", At = 0 }, Version = known?.Version ?? 0,
        }, endsIssued: false, [], CancellationToken.None);
    }

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public void Apply(params object[] items) =>
        Configuration.Apply(new ConfigurationChanges(++revision, [.. items.Select(item => (OrganisationId.Default, item))], []));

    public void Raise(RevocationLevel level, string target) => Configuration.Apply(
        new ConfigurationChanges(++revision, [], [new Epoch(OrganisationId.Default, level, target, Symbolon.Core.UnixTime.Microseconds(Clock))]));

    public static AgentObject Agent(string name, params Es256SigningKey[] keys) =>
        new() { Name = new AgentName(name), Owner = "o@example.com", Keys = [.. keys.Select(key => key.PublicKey.ToJson())] };

    public static GrantObject Grant(string name, string agent, string server, ToolName[] tools, Effect[] effects, long? maxTtl) => new()
    {
        Name = new GrantName(name),
        To = new GrantSubjects { Agents = [new AgentName(agent)] },
        Servers = [new ServerAccess { Server = new ServerName(server), Tools = [.. tools], Effects = [.. effects] }],
        MaxTtlSeconds = maxTtl,
    };

    public static GrantObject PersonGrant(string name, string person, string server, ToolName[] tools, Effect[] effects) => new()
    {
        Name = new GrantName(name),
        To = new GrantSubjects { Users = [person] },
        Servers = [new ServerAccess { Server = new ServerName(server), Tools = [.. tools], Effects = [.. effects] }],
    };

    /// <summary>Tools look and find (read), change (write), drop (irreversible), peek (read, sensitive).</summary>
    public static ServerObject ServerOf(string name) => new()
    {
        Name = new ServerName(name),
        State = Lifecycle.Active,
        Approved = new ManifestVersion
        {
            Number = 1, AppliedBy = "a", AppliedAt = 0,
            Manifest = new ServerManifest
            {
                Owner = "o@example.com",
                Upstream = new UpstreamAddress.Http { Url = new Uri("http://127.0.0.1:7001/mcp") },
                Tools =
                [
                    Tool("look", Effect.Read), Tool("find", Effect.Read), Tool("change", Effect.Write), Tool("drop", Effect.Irreversible),
                    Tool("peek", Effect.Read) with { Flags = ToolFlags.Sensitive },
                ],
            },
        },
    };

    /// <summary>What an honest client claims; each member can be replaced, or left out by null.</summary>
    public JsonObject Claims(string client = "agent:bot") => new()
    {
        ["iss"] = client, ["sub"] = client, ["aud"] = Issuer, ["iat"] = Now, ["exp"] = Now + 60, ["jti"] = Guid.NewGuid().ToString(),
    };

    public string Assertion(string client = "agent:bot", Es256SigningKey? key = null) => Sign(Claims(client), key ?? (client == "agent:other" ? OtherKey : Key));

    public static string Sign(JsonObject claims, Es256SigningKey key, string type = "client-authentication+jwt") =>
        key.Sign(type, Encoding.UTF8.GetBytes(claims.ToJsonString()));

    /// <summary>A token request of bot, with these parameters besides; a null value leaves one out.</summary>
    public Task<Answer> TokenAsync(params (string Name, string? Value)[] more) => TokenWithAsync(Assertion(), more);

    public Task<Answer> TokenWithAsync(string assertion, params (string Name, string? Value)[] more)
    {
        (string Name, string? Value)[] usual =
        [
            ("grant_type", "client_credentials"), ("client_assertion_type", AssertionType), ("client_assertion", assertion), ("resource", Shop),
        ];
        return PostAsync("/oauth/token", [.. usual.Where(each => !more.Any(other => other.Name == each.Name)), .. more]);
    }

    /// <summary>The token of a request that must be a success.</summary>
    public async Task<string> AccessTokenAsync(params (string Name, string? Value)[] more)
    {
        var answer = await TokenAsync(more);
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json.GetProperty("access_token").GetString()!;
    }

    public Task<Answer> PostAsync(string path, params (string Name, string? Value)[] form) =>
        SendAsync("POST", path, string.Join('&', form.Where(each => each.Value is not null).Select(each => $"{Uri.EscapeDataString(each.Name)}={Uri.EscapeDataString(each.Value!)}")));

    public Task<Answer> GetAsync(string path, string host = "symbolon.example.com") => SendAsync("GET", path, null, host: host);

    public Task<Answer> SendAsync(string method, string path, string? body, string type = "application/x-www-form-urlencoded", string host = "symbolon.example.com", params (string Name, string Value)[] headers)
    {
        var question = path.IndexOf('?', StringComparison.Ordinal);
        var request = new HttpRequestFeature
        {
            Method = method,
            Scheme = "https",
            Protocol = "HTTP/1.1",
            Path = question < 0 ? path : path[..question],
            QueryString = question < 0 ? "" : path[question..],
            Body = body is null ? Stream.Null : new MemoryStream(Encoding.UTF8.GetBytes(body)),
        };
        request.Headers.Host = host;
        if (body is not null) request.Headers.ContentType = type;
        foreach (var (name, value) in headers) request.Headers[name] = Microsoft.Extensions.Primitives.StringValues.Concat(request.Headers[name], value);
        return server.SendAsync(request, peer: Peer);
    }

    /// <summary>The payload of a JWT, unverified.</summary>
    public static JsonElement PayloadOf(string token) =>
        JsonDocument.Parse(Symbolon.Jose.Base64Url.Decode(Encoding.ASCII.GetBytes(token.Split('.')[1]))!).RootElement;

    public AccessTokenReading Read(string token) => Get<AccessTokenReader>().Read(Encoding.ASCII.GetBytes(token), Symbolon.Core.UnixTime.Microseconds(Clock));

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Key.Dispose();
        OtherKey.Dispose();
    }

    private static ManifestTool Tool(string name, Effect effect) => new() { Name = new ToolName(name), Effect = effect };
}

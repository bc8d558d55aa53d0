using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Outbound;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Sealing;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;
using Symbolon.Gateway;
using Symbolon.Gateway.Authentication;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.Gateway;

namespace Symbolon.MicroBenchmarks;

/// <summary>The gateway's own parts over a store in memory: one server, one agent, one grant, one token that is cached already.</summary>
internal sealed class GatewayParts : IDisposable
{
    public const string Server = "records";
    public const string Tool = "lookup";

    private readonly ServiceProvider provider;

    /// <param name="tools">Of the server; the first is the one that is called.</param>
    public GatewayParts(IReadOnlyList<ManifestTool>? tools = null, IReadOnlyList<PolicyObject>? policies = null)
    {
        Audit = new ChainingLog(TimeProvider.System);
        var configuration = new Configuration(new EpochTable());
        var store = new MemoryTokenStore();
        var token = PastedToken.Create(TokenKind.Agent);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        var bot = new AgentName("bot");
        var access = new ServerAccess { Server = new ServerName(Server), Tools = [new ToolName(Tool)] };
        store.Put(token, new TokenRecord
        {
            Id = new TokenId("tok_1"), Organisation = OrganisationId.Default, Kind = TokenKind.Agent, Holder = new Holder { Agent = bot },
            Servers = [new ServerAccess { Server = access.Server, Granted = true }],
            IssuedAt = now, ExpiresAt = now + 3600_000_000L, IssuedBy = "bench",
        });
        var manifest = new ServerManifest
        {
            Owner = "owner@example.com",
            Upstream = new UpstreamAddress.Http { Url = new Uri("http://127.0.0.1:7001/mcp") },
            Tools = [.. tools ?? [new ManifestTool { Name = new ToolName(Tool), Effect = Effect.Read }]],
        };
        object[] objects =
        [
            new ServerObject { Name = access.Server, State = Lifecycle.Active, Approved = new ManifestVersion { Number = 1, AppliedBy = "bench", AppliedAt = 0, Manifest = manifest } },
            new AgentObject { Name = bot, Owner = manifest.Owner },
            new GrantObject { Name = new GrantName("g"), To = new GrantSubjects { Agents = [bot] }, Servers = [access] },
            .. policies ?? [],
        ];
        configuration.Apply(new ConfigurationChanges(1, [.. objects.Select(each => (OrganisationId.Default, each))], []));
        provider = new ServiceCollection().AddLogging().AddGateway(new GatewayOptions())
            .AddSingleton(TimeProvider.System).AddSingleton(configuration).AddSingleton(new CallEntryPool())
            .AddSingleton<ITokenStore>(store).AddSingleton<IAuditLog>(Audit).AddSingleton<ISecretBox>(new FakeSecretBox()).AddSingleton<IProofUses>(new FakeProofUses()).AddSingleton(new FakeLimitStore(isShared: false).Node())
            .AddSingleton<ISessionFlags, FakeSessionFlags>().AddSingleton<IFormPost, FakeFormPost>().AddSingleton<IIdentityTokens, RecordingIdentityTokens>().AddSingleton<IPublicOrigins, FakeOrigins>()
            .BuildServiceProvider();
        Http = Request(token);
    }

    public ChainingLog Audit { get; }

    /// <summary>One request's headers, the same for every call: the listener's own work is not measured here.</summary>
    public HttpContext Http { get; }

    public T Get<T>()
        where T : notnull => provider.GetRequiredService<T>();

    /// <summary>Has the token read once, so that from now on it is in the cache.</summary>
    public async Task WarmAsync()
    {
        var authenticator = Get<CallerAuthenticator>();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        authenticator.Authenticate(Http, now, out _, out var unseen);
        if (unseen is { } hash) await authenticator.LookUpAsync(Http, hash, now);
    }

    public void Dispose() => provider.Dispose();

    private static DefaultHttpContext Request(string token)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = "POST";
        http.Request.RouteValues["server"] = Server;
        http.Request.Headers.Authorization = "Bearer " + token;
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        return http;
    }
}

using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Outbound;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Revocation;
using Symbolon.Core.Sealing;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;
using Symbolon.Gateway;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.ToolCalls;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Stdio;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>The whole gateway over fakes: one server "deploy", one agent, one grant, one token. Requests are made without a listener.</summary>
public sealed class GatewayRig : IUpstreamHandlers, IReasonAddresses, IDisposable
{
    public const string ReadTool = """{"name":"rollout_status","description":"Shows","inputSchema":{"type":"object","properties":{"namespace":{"type":"string"}}}}""";
    public const string WriteTool = """{"name":"delete_release","description":"Deletes","inputSchema":{"type":"object","properties":{"release":{"type":"string"}}}}""";

    public const string ModernMeta =
        "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private readonly ServiceProvider provider;
    private readonly List<HttpMessageInvoker> lent = [];
    private long revision;

    public GatewayRig(Action<GatewayOptions>? configure = null)
    {
        Upstream.Tools.AddRange([ReadTool, WriteTool]);
        Configuration = new Configuration(new EpochTable());
        Freshness = new Freshness(Clock, TimeSpan.FromSeconds(5));
        Freshness.Confirm(Clock.GetTimestamp());
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(Log));
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton(Configuration);
        services.AddSingleton(Freshness);
        services.AddSingleton<ITokenStore>(Tokens);
        services.AddSingleton<IAuditLog>(Audit);
        services.AddSingleton<IProofUses>(Proofs);
        services.AddSingleton(LimitStore.Node());
        services.AddSingleton<ISecretBox>(Secrets);
        services.AddSingleton<IUpstreamHandlers>(this);
        services.AddSingleton(new CallEntryPool());
        services.AddSingleton(new StdioHost { ListensOnLoopbackAlone = () => true });
        services.AddSingleton<IPinnedFiles>(new FakePinnedFiles());
        services.AddSingleton<IPinAlarm>(Alarm);
        services.AddSingleton<IDriftAlarm>(DriftAlarm);
        services.AddSingleton<IReasonAddresses>(this);
        services.AddSingleton<IPublicOrigins, FakeOrigins>();
        services.AddSingleton<ICallTokens>(CallTokens);
        services.AddSingleton<IIdentityTokens>(IdentityTokens);
        services.AddSingleton<IForeignAssertions>(ForeignAssertions);
        services.AddSingleton<IFormPost>(TokenEndpoint);
        services.AddSingleton<ISessionFlags>(Sessions);
        services.AddSingleton<IServerTokens>(new FakeServerTokens(Clock));
        var options = new GatewayOptions();
        configure?.Invoke(options);
        services.AddGateway(options);
        provider = services.BuildServiceProvider();
        Token = PastedToken.Create(TokenKind.Agent);
        Tokens.Put(Token, TokenOf("tok_1"));
        Apply(Server(), new AgentObject { Name = new AgentName("bot"), Owner = "o@example.com" }, Grant());
    }

    public FakeClock Clock { get; } = new();

    public MemoryTokenStore Tokens { get; } = new();

    public MemoryAuditLog Audit { get; } = new();

    public FakeProofUses Proofs { get; } = new();

    /// <summary>Of limits of rules; of this node alone.</summary>
    public FakeLimitStore LimitStore { get; } = new(isShared: false);

    /// <summary>What sessions have done.</summary>
    public FakeSessionFlags Sessions { get; } = new();

    public FakeSecretBox Secrets { get; } = new();

    public CapturedLog Log { get; } = new();

    public RecordingAlarm Alarm { get; } = new();
    public RecordingDriftAlarm DriftAlarm { get; } = new();

    public RecordingCallTokens CallTokens { get; } = new();

    public RecordingIdentityTokens IdentityTokens { get; } = new();

    public RecordingForeignAssertions ForeignAssertions { get; } = new();

    /// <summary>Of another authorization server.</summary>
    public FakeFormPost TokenEndpoint { get; } = new();

    public ScriptedUpstream Upstream { get; } = new();

    public Configuration Configuration { get; }

    public Freshness Freshness { get; }

    public string Token { get; }

    public long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000;

    /// <summary>Where reason codes are explained; null where nowhere.</summary>
    public string? ReasonsAt { get; set; }

    public string? Of(HttpRequest request, ReasonCode code) => ReasonsAt is null ? null : ReasonsAt + code.ToText();

    public T Get<T>()
        where T : notnull => provider.GetRequiredService<T>();

    public void Apply(params object[] items) => Configuration.Apply(
        new ConfigurationChanges(++revision, [.. items.Select(item => (OrganisationId.Default, item))], []));

    public void Revoke(RevocationLevel level, string target) => Configuration.Apply(
        new ConfigurationChanges(++revision, [], [new Epoch(OrganisationId.Default, level, target, Now)]));

    public TokenRecord TokenOf(string id, long? expires = null) => new()
    {
        Id = new TokenId(id),
        Organisation = OrganisationId.Default,
        Kind = TokenKind.Agent,
        Holder = new Holder { Agent = new AgentName("bot") },
        Servers = [new ServerAccess { Server = new ServerName("deploy"), Granted = true }],
        IssuedAt = Now,
        ExpiresAt = expires ?? Now + 3600_000_000L,
        IssuedBy = "admin",
    };

    public static GrantObject Grant(params string[] tools) => new()
    {
        Name = new GrantName("g"),
        To = new GrantSubjects { Agents = [new AgentName("bot")] },
        Servers = [new ServerAccess { Server = new ServerName("deploy"), Tools = [.. (tools.Length == 0 ? ["rollout_status", "delete_release"] : tools).Select(name => new ToolName(name))] }],
    };

    public static ServerObject Server(Func<ServerManifest, ServerManifest>? change = null, Lifecycle state = Lifecycle.Active, int number = 1)
    {
        var manifest = new ServerManifest
        {
            Owner = "o@example.com",
            Upstream = new UpstreamAddress.Http { Url = new Uri("http://127.0.0.1:7001/mcp") },
            Tools = [ToolOf(ReadTool, Effect.Read), ToolOf(WriteTool, Effect.Irreversible)],
        };
        return new ServerObject
        {
            Name = new ServerName("deploy"),
            State = state,
            Approved = new ManifestVersion { Number = number, AppliedBy = "a", AppliedAt = 0, Manifest = change is null ? manifest : change(manifest) },
        };
    }

    public static ManifestTool ToolOf(string json, Effect effect)
    {
        var digest = ToolDigest.Of(Encoding.UTF8.GetBytes(json))!;
        return new ManifestTool { Name = digest.Name, Effect = effect, Digests = new ToolDigests { Legacy = digest.Text, Modern = digest.Text } };
    }

    /// <summary>A legacy POST with this body.</summary>
    public Task<Answered> PostAsync(string body, Action<HttpContext>? change = null) => SendAsync("POST", Encoding.UTF8.GetBytes(body), change);

    public Task<Answered> PostAsync(byte[] body, Action<HttpContext>? change = null) => SendAsync("POST", body, change);

    public Task<Answered> CallAsync(string tool, string arguments = "{}", Action<HttpContext>? change = null) =>
        PostAsync(
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}}", change);

    /// <summary>A modern POST: headers and <c>_meta</c> as 2026-07-28 asks.</summary>
    public Task<Answered> ModernAsync(string method, string members = "", string? name = null, Action<HttpContext>? change = null) => PostAsync(
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":{" + members + (members.Length > 0 ? "," : "") + ModernMeta + "}}",
        context =>
        {
            context.Request.Headers["MCP-Protocol-Version"] = "2026-07-28";
            context.Request.Headers["Mcp-Method"] = method;
            if (name is not null) context.Request.Headers["Mcp-Name"] = name;
            change?.Invoke(context);
        });

    public async Task<Answered> SendAsync(string method, byte[] body, Action<HttpContext>? change = null)
    {
        var context = ContextOf(method, body);
        change?.Invoke(context);
        await HandleAsync(context);
        return Answered.Of(context);
    }

    public DefaultHttpContext ContextOf(string method, byte[] body)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.RouteValues["server"] = "deploy";
        context.Request.Headers.Authorization = "Bearer " + Token;
        context.Request.Headers.Accept = "application/json, text/event-stream";
        if (method == "POST") context.Request.ContentType = "application/json";
        context.Request.Body = new MemoryStream(body);
        context.Response.Body = new MemoryStream();
        context.Connection.RemoteIpAddress = System.Net.IPAddress.Loopback;
        return context;
    }

    public async Task HandleAsync(HttpContext context)
    {
        await Get<ToolCallPipeline>().HandleAsync(context);
        await context.Response.BodyWriter.FlushAsync();
    }

    /// <summary>Closes what was lent so far, as for a suspended server.</summary>
    public void CloseInvokers()
    {
        foreach (var invoker in lent) invoker.Dispose();
        lent.Clear();
    }

    HttpMessageInvoker IUpstreamHandlers.For(OrganisationId organisation, ServerName server, Uri url)
    {
        if (lent.Count == 0) lent.Add(new HttpMessageInvoker(Upstream, disposeHandler: false));
        return lent[0];
    }

    public void Dispose()
    {
        provider.Dispose();
        Upstream.Dispose();
    }

    public sealed record Answered(int Status, IHeaderDictionary Headers, string Body)
    {
        public JsonElement Json => JsonDocument.Parse(Body).RootElement;

        public JsonElement Error => Json.GetProperty("error");

        public JsonElement Result => Json.GetProperty("result");

        public string ErrorCode => Error.GetProperty("data").GetProperty("code").GetString()!;

        public JsonElement Refusal => Result.GetProperty("_meta").GetProperty("symbolon/refusal");

        public static Answered Of(HttpContext context) => new(
            context.Response.StatusCode, context.Response.Headers, Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()));
    }
}

using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Admin;
using Symbolon.AuthorizationServer;
using Symbolon.Core.Accounts;
using Symbolon.Core.Announcements;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Outbound;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Sealing;
using Symbolon.Core.Snapshot;
using Symbolon.Registry;
using Symbolon.Registry.Reviews;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Admin;

/// <summary>The admin API over a store in memory, without a network.</summary>
internal sealed class AdminHost : IAdminCredentials, IPublicAddresses, IAsyncDisposable
{
    private readonly InProcessServer server = new();
    private readonly WebApplication app;

    private AdminHost()
    {
        Configuration = new Configuration(Epochs);
        Store = new InMemoryStore(Configuration);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IServer>(server);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton(Epochs).AddSingleton(Configuration);
        builder.Services.AddSingleton<IChangeLog>(Store).AddSingleton<IConfigurationStore>(Store).AddSingleton<IReviewStore>(Store).AddSingleton(new ReviewRules()).AddSingleton<ITokenStore>(Store).AddSingleton<IHolderStore>(Store).AddSingleton<ITokenCounts>(Store).AddSingleton(new StoreFacts("sqlite"));
        builder.Services.AddSingleton<IAuditLog>(Audit).AddSingleton<IAuditStore>(Audit).AddSingleton<IRefusalLog>(Refusals).AddSingleton<IAuthorizationStore>(new FakeAuthorizationStore(new FakeProofUses()));
        builder.Services.AddSingleton<INodeStore>(Nodes).AddSingleton<ISecretBox, FakeSecretBox>().AddSingleton<IAdminCredentials>(this).AddSingleton<IPublicAddresses>(this).AddSingleton<IHostLookup>(Hosts).AddSingleton<IPinnedFiles>(Files).AddSingleton<IUsage>(Usage).AddSingleton<IUpstreamHealth>(Health).AddSingleton<ISecretTrials>(new FakeSecretTrials()).AddSingleton<ISessionStore>(new FakeSessions());
        builder.Services.AddSingleton<Symbolon.Core.SecurityEvents.ISecurityEventStore>(new FakeSecurityEvents()).AddSingleton<IAnnouncementStore>(Announcements).AddSingleton(new WebhookAddress(new Uri("https://hooks.example.com/symbolon")));
        Accounts = new FakeAccounts(Audit);
        builder.Services.AddSingleton<IAccountStore>(Accounts).AddSingleton<ISignInAttempts>(Accounts).AddSingleton<IAdminTokenStore>(new FakeAdminTokens(Audit));
        builder.Services.AddRegistry().AddAuthorizationServer().AddAdmin();
        app = builder.Build();
        app.UseRouting();
        app.MapAdmin();
    }

    public EpochTable Epochs { get; } = new();

    public Configuration Configuration { get; }

    public InMemoryStore Store { get; }

    public FakeAccounts Accounts { get; }

    public FakeClock Clock { get; } = new();

    public RecordingAudit Audit { get; } = new();

    public RecordingRefusals Refusals { get; } = new();

    public FakeNodes Nodes { get; } = new();

    public FakeAnnouncements Announcements { get; } = new();

    public IReadOnlyList<string> Origins => ["https://symbolon.example.com", "http://10.1.2.3:8750"];

    bool IPublicAddresses.IsSecure(Microsoft.AspNetCore.Http.HttpContext http) => http.Request.IsHttps;

    public FakeHosts Hosts { get; } = new();

    public FakeUpstreamHealth Health { get; } = new();

    public FakePinnedFiles Files { get; } = new();

    public FakeUsage Usage { get; } = new();

    public string Token { get; } = PastedToken.Create(TokenKind.Admin);

    public IEnumerable<RouteEndpoint> Routes => ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    public static async Task<AdminHost> StartAsync()
    {
        var host = new AdminHost();
        await host.app.StartAsync();
        return host;
    }

    public bool IsAdmin(ReadOnlySpan<byte> token) => token.SequenceEqual(Encoding.ASCII.GetBytes(Token));

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    public Task<Answer> PostAsync(string path, string? body = null, params (string Name, string Value)[] headers) => SendAsync("POST", path, body, headers);

    public Task<Answer> PutAsync(string path, string body, params (string Name, string Value)[] headers) => SendAsync("PUT", path, body, headers);

    public Task<Answer> SendAsync(string method, string path, string? body, params (string Name, string Value)[] headers) =>
        SendRawAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), [("Authorization", $"Bearer {Token}"), .. headers]);

    /// <summary>Exactly these headers, and the content type of JSON where there is a body.</summary>
    public Task<Answer> SendRawAsync(string method, string path, byte[]? body, (string Name, string Value)[] headers) =>
        StreamAsync(method, path, body, headers, null, CancellationToken.None);

    /// <param name="answer">Takes the body as it is written.</param>
    /// <param name="aborted">The client leaves.</param>
    public Task<Answer> StreamAsync(string method, string path, byte[]? body, (string Name, string Value)[] headers, Stream? answer, CancellationToken aborted)
    {
        var question = path.IndexOf('?', StringComparison.Ordinal);
        var request = new HttpRequestFeature
        {
            Method = method,
            Scheme = "http",
            Protocol = "HTTP/1.1",
            Path = question < 0 ? path : path[..question],
            QueryString = question < 0 ? "" : path[question..],
            Body = body is null ? Stream.Null : new MemoryStream(body),
        };
        request.Headers.Host = "localhost";
        if (body is not null)
        {
            request.Headers.ContentType = "application/json";
            request.Headers.ContentLength = body.Length;
        }
        foreach (var (name, value) in headers) request.Headers[name] = name == "Authorization" ? request.Headers[name].Append(value).ToArray() : value;
        return server.SendAsync(request, answer, aborted: aborted);
    }

    /// <summary>A server with the tools look (read), change (write), drop (irreversible) and peek (read, sensitive), approved.</summary>
    public async Task HaveServerAsync(string name = "shop")
    {
        var applied = await PostAsync("/api/v1/apply", $$"""{"documents":[{{ServerDocument(name)}}]}""");
        Assert.Equal(200, applied.Status);
        Assert.Equal(200, (await PostAsync($"/api/v1/servers/{name}/approve", """{"version":1}""")).Status);
    }

    public static string ServerDocument(string name, string spec = "") => $$$"""
        {"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"{{{name}}}","owner":"ops@example.com"},"spec":{
          "upstream":{"transport":"http","url":"http://127.0.0.1:7001/mcp"},{{{spec}}}"tools":[
            {"name":"look","effect":"read"},{"name":"change","effect":"write"},{"name":"drop","effect":"irreversible"},{"name":"peek","effect":"read","flags":["sensitive"]}]}}
        """;

    public static string AgentDocument(string name) =>
        $$$"""{"apiVersion":"symbolon/v1","kind":"Agent","metadata":{"name":"{{{name}}}","owner":"ops@example.com"}}""";

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}

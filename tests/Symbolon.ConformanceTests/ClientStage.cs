using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Symbolon.Client.AspNetCore;
using Symbolon.Client.Calls;
using Symbolon.Client.Credentials;
using Symbolon.Testing.OAuth;
using Symbolon.Testing.Processes;

namespace Symbolon.ConformanceTests;

/// <summary>Symbolon's endpoints, an API and a server that calls it, on real listeners of loopback.</summary>
internal sealed class ClientStage : IAsyncDisposable
{
    private readonly List<WebApplication> hosts = [];

    private ClientStage(string folder, FakeSymbolon symbolon) => (Folder, Symbolon) = (folder, symbolon);

    public string Folder { get; }

    public FakeSymbolon Symbolon { get; }

    /// <summary>The connections to the feed, the last of which is told that all is current each quarter of a second while <see cref="Beats"/>.</summary>
    public ConcurrentStack<FeedConnection> Feeds { get; } = new();

    public volatile bool Beats = true;

    /// <summary>The API has heard that what it knows is current.</summary>
    public volatile bool IsCurrent;

    public ConcurrentQueue<string> Scopes { get; } = new();

    /// <summary>What the API's stream waits for.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Uri Api => new(Symbolon.Audience);

    public string KeyFile => Path.Combine(Folder, "instance.key");

    public static async Task<ClientStage> StartAsync()
    {
        var (symbolon, api) = ($"http://127.0.0.1:{FreePort.Take()}", $"http://127.0.0.1:{FreePort.Take()}");
        var stage = new ClientStage(Directory.CreateTempSubdirectory("symbolon-client-").FullName, new FakeSymbolon(TimeProvider.System, symbolon, api));
        stage.Symbolon.Codes.Add("sym_enr_1");
        stage.Symbolon.OnFeed = stage.FeedAsync;
        await stage.ServeAsync(symbolon);
        await stage.StartApiAsync();
        await Deadline.ForAsync("the feed to be current", () => stage.IsCurrent);
        return stage;
    }

    public Task<ServerCredential> CredentialAsync(string? code = "sym_enr_1") =>
        ServerCredential.OpenAsync(new ServerCredentialOptions { Symbolon = new Uri(Symbolon.Issuer), KeyFile = KeyFile, EnrolmentCode = code });

    public HttpClient ClientOf(ServerCredential credential, Func<IncomingCall?> incoming) =>
        new(new SymbolonHandler(credential, incoming) { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } }) { BaseAddress = Api };

    /// <summary>A server's own endpoint as it stands in the guide: what is mapped says nothing of who may call it.</summary>
    public async Task<Uri> StartServerAsync(Action<WebApplication> map)
    {
        var address = $"http://127.0.0.1:{FreePort.Take()}";
        var builder = Builder(address);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddAuthentication().AddSymbolonServer(options =>
        {
            options.Issuer = new Uri(Symbolon.Issuer);
            options.Url = $"{address}/mcp";
            options.Server = "releases";
        });
        var app = builder.Build();
        map(app);
        await StartAsync(app);
        return new Uri($"{address}/mcp");
    }

    /// <summary>What the gateway sends to the server.</summary>
    public HttpRequestMessage CallOf(Uri server, ProofKey gateway, out string token)
    {
        token = Symbolon.Token(gateway.Thumbprint.ToString(), claims =>
        {
            claims["aud"] = server.OriginalString;
            claims["act"] = new JsonObject { ["sub"] = "agent:release-bot" };
            claims["may_act"] = new JsonObject { ["sub"] = "server:releases" };
        });
        var call = new HttpRequestMessage(HttpMethod.Post, server);
        call.Headers.Authorization = new AuthenticationHeaderValue("DPoP", token);
        call.Headers.TryAddWithoutValidation("DPoP", gateway.Proof("POST", server.OriginalString, DateTimeOffset.UtcNow.ToUnixTimeSeconds(), token));
        return call;
    }

    public async ValueTask DisposeAsync()
    {
        Beats = false;
        foreach (var host in Enumerable.Reverse(hosts)) await host.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task FeedAsync(FeedConnection connection)
    {
        Feeds.Push(connection);
        await connection.StateAsync();
        await connection.CurrentAsync(connection.Now + 1);
        while (Beats && !connection.Cancellation.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250), connection.Cancellation);
            if (Beats) await connection.CurrentAsync();
        }
    }

    private async Task StartApiAsync()
    {
        var builder = Builder(Symbolon.Audience);
        builder.Logging.AddProvider(new ScopeLog(Scopes, () => IsCurrent = true));
        builder.Services.AddAuthentication().AddSymbolonApi(options =>
        {
            options.Issuer = new Uri(Symbolon.Issuer);
            options.Audience = Symbolon.Audience;
            options.ClientId = "release-api";
            options.KeyFile = Path.Combine(Folder, "api.key");
        });
        builder.Services.AddAuthorization();
        var app = builder.Build();
        app.UseAuthentication();
        app.UseSymbolonCaller();
        app.UseAuthorization();
        app.MapGet("/releases/{name}", (string name, HttpContext http, ILogger<ClientStage> log) =>
        {
            log.LogWarning("asked");
            return $"{http.SymbolonCaller()!.Person} through {http.User.FindFirst("agent")?.Value} by {http.User.FindFirst("server")?.Value}: {name}";
        }).RequireResource("read", http => $"cluster:prod/namespace:checkout/{http.Request.RouteValues["name"]}");
        app.MapGet("/forgotten", () => "all of it");
        app.MapDelete("/releases/{name}", () => "deleted").RequireResource("delete", http => $"cluster:prod/namespace:checkout/{http.Request.RouteValues["name"]}");
        app.MapPost("/stream", StreamAsync);
        await StartAsync(app);
    }

    /// <summary>A line at once, and once <see cref="Gate"/> opens what was sent, and with which headers.</summary>
    private async Task StreamAsync(HttpContext http)
    {
        using var body = new StreamReader(http.Request.Body);
        var sent = await body.ReadToEndAsync(http.RequestAborted);
        await http.Response.WriteAsync("first\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        await Gate.Task.WaitAsync(http.RequestAborted);
        await http.Response.WriteAsync($"{sent} by {http.Request.Headers.Authorization.ToString().Split(' ')[0]} with {string.Join(' ', http.Request.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase))}", http.RequestAborted);
    }

    private async Task ServeAsync(string url)
    {
        var app = Builder(url).Build();
        var handler = new HttpMessageInvoker(Symbolon);
        app.Run(async http =>
        {
            using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), http.Request.GetEncodedUrl());
            if (http.Request.Headers["DPoP"] is [{ } proof]) request.Headers.TryAddWithoutValidation("DPoP", proof);
            if (HttpMethods.IsPost(http.Request.Method)) request.Content = new StreamContent(http.Request.Body);
            using var answer = await handler.SendAsync(request, http.RequestAborted);
            http.Response.StatusCode = (int)answer.StatusCode;
            http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            foreach (var (name, values) in answer.Headers) http.Response.Headers[name] = values.ToArray();
            await http.Response.StartAsync();
            var block = new byte[4096];
            await using var body = await answer.Content.ReadAsStreamAsync(http.RequestAborted);
            try
            {
                while (await body.ReadAsync(block, http.RequestAborted) is > 0 and var length)
                {
                    await http.Response.Body.WriteAsync(block.AsMemory(0, length), http.RequestAborted);
                    await http.Response.Body.FlushAsync(http.RequestAborted);
                }
            }
            catch (OperationCanceledException) { }
        });
        await StartAsync(app);
    }

    private static WebApplicationBuilder Builder(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        return builder;
    }

    private async Task StartAsync(WebApplication app)
    {
        hosts.Add(app);
        await app.StartAsync();
    }

    /// <summary>Keeps what is in the scope of each line.</summary>
    private sealed class ScopeLog(ConcurrentQueue<string> scopes, Action current) : ILoggerProvider, ILogger, ISupportExternalScope
    {
        private IExternalScopeProvider provider = new LoggerExternalScopeProvider();

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => provider = scopeProvider;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception) == "The feed of revocations is current") current();
            if (formatter(state, exception) != "asked") return;
            provider.ForEachScope((scope, all) =>
            {
                if (scope is IEnumerable<KeyValuePair<string, object?>> values && values.Any(value => value.Key == "Person"))
                    all.Enqueue(string.Join(' ', values.Select(value => $"{value.Key}={value.Value}")));
            }, scopes);
        }

        public void Dispose() { }
    }
}

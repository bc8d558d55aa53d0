using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace McpHttpHost;

/// <summary>Serves tools of the MCP SDK over Streamable HTTP at <c>/mcp</c>, both with <c>initialize</c> and stateless.</summary>
public static class SampleHost
{
    /// <summary>Runs until it is stopped. Writes <c>listening on URL</c> as its first line once it answers.</summary>
    /// <returns>The exit code of the process.</returns>
    /// <param name="services">What the sample adds to the program.</param>
    /// <param name="before">What the sample puts before the endpoint, for example who may call it.</param>
    public static async Task<int> RunAsync(string name, SampleOptions options, IEnumerable<McpServerTool> tools, Action<IServiceCollection>? services = null, Action<WebApplication>? before = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls(options.Url.GetLeftPart(UriPartial.Authority));
        builder.Services.AddSingleton(new LoopbackGuard(await ReadKeyAsync(options.KeyFile)));
        builder.Services.AddSingleton(new McpServerOptions
        {
            ServerInfo = new() { Name = name, Version = "1.0.0" },
            Capabilities = new() { Tools = new() },
            // As it is where it can change: the SDK tells the clients of its sessions.
            ToolCollection = tools as McpServerPrimitiveCollection<McpServerTool> ?? [.. tools],
        });
        builder.Services.AddSingleton<McpSessions>().AddSingleton<McpEndpoint>();
        services?.Invoke(builder.Services);
        await using var app = builder.Build();
        app.Use(app.Services.GetRequiredService<LoopbackGuard>().CheckAsync);
        before?.Invoke(app);
        app.Services.GetRequiredService<McpEndpoint>().Map(app);
        await app.StartAsync();

        var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        await Console.Out.WriteLineAsync($"listening on {addresses.Addresses.First()}/mcp");
        if (options.EndWithInput) _ = EndWithInputAsync(app.Lifetime);
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static async Task<string?> ReadKeyAsync(string? file) => file is null ? null : (await File.ReadAllTextAsync(file)).Trim();

    private static async Task EndWithInputAsync(IHostApplicationLifetime lifetime)
    {
        await using var input = Console.OpenStandardInput();
        var buffer = new byte[256];
        while (await input.ReadAsync(buffer) > 0) { }
        lifetime.StopApplication();
    }
}

using System.Net.Http.Headers;
using Symbolon.Server;
using Symbolon.Server.Hosting;

namespace Symbolon.ConformanceTests;

/// <summary>A whole server in this process, on a free port, in a folder of its own that goes away with it.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly DirectoryInfo? owned;

    private RunningServer(SymbolonHost host, SymbolonOptions options, DirectoryInfo? owned)
    {
        (Host, Options, this.owned) = (host, options, owned);
        Client = ClientOf(host.Addresses[0]);
    }

    public SymbolonHost Host { get; }
    public SymbolonOptions Options { get; }

    /// <summary>Speaks to the first listener; sends no token.</summary>
    public HttpClient Client { get; }

    public string AdminToken => File.ReadAllText(Host.AdminTokenFile).Trim();

    /// <param name="folder">Where to start again; null for a fresh folder.</param>
    public static async Task<RunningServer> StartAsync(string? folder = null, Func<SymbolonOptions, SymbolonOptions>? change = null)
    {
        var owned = folder is null ? Directory.CreateTempSubdirectory("symbolon-") : null;
        var options = new SymbolonOptions { DataDirectory = folder ?? owned!.FullName, Urls = ["http://127.0.0.1:0"], LogLevel = "warning" };
        if (change is not null) options = change(options);
        var host = SymbolonHost.Build(options);
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            await host.DisposeAsync();
            owned?.Delete(recursive: true);
            throw;
        }
        return new RunningServer(host, options, owned);
    }

    public HttpClient ClientOf(string address) => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = new Uri(address) };

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token = null, Action<HttpRequestMessage>? change = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        change?.Invoke(request);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.StopAsync(CancellationToken.None);
        await Host.DisposeAsync();
        owned?.Delete(recursive: true);
    }
}

using System.Security.Cryptography;
using Symbolon.Cli.Api;
using Symbolon.Server;
using Symbolon.Server.Hosting;

namespace Symbolon.Cli.Demo;

/// <summary>What the show needs: two sample servers as child processes, and Symbolon itself in this process on a folder of its own.</summary>
internal sealed class DemoStage : IAsyncDisposable
{
    private readonly string? temporary;
    private readonly List<SampleProcess> samples = [];
    private SymbolonHost? host;

    private DemoStage(string folder, string? temporary)
    {
        Folder = folder;
        this.temporary = temporary;
    }

    public string Folder { get; }
    public Uri Clock { get; private set; } = null!;
    public Uri Orders { get; private set; } = null!;

    /// <summary>Holds the key that Orders wants to see in <c>X-Api-Key</c>.</summary>
    public string OrdersKeyFile => Path.Combine(Folder, "orders-key");
    public Uri Gateway { get; private set; } = null!;
    public AdminClient Admin { get; private set; } = null!;

    /// <param name="data">Folder for the server's data; null: a temporary one that goes with the stage.</param>
    /// <param name="urls">Where to listen; null: a free port on loopback.</param>
    public static async Task<DemoStage> SetAsync(string? data, string? urls, Func<HttpMessageHandler> handler, CancellationToken cancellation)
    {
        var temporary = data is null ? DemoFolder.Create() : null;
        var stage = new DemoStage(temporary ?? Path.GetFullPath(data!), temporary);
        try
        {
            await stage.StartAsync(urls, handler, cancellation);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Admin?.Dispose();
        if (host is not null)
        {
            // In good order, as serve ends: streams ended, audit flushed, lease given back.
            await host.StopAsync();
            await host.DisposeAsync();
        }
        foreach (var sample in samples) await sample.DisposeAsync();
        if (temporary is not null) Directory.Delete(temporary, recursive: true);
    }

    private async Task StartAsync(string? urls, Func<HttpMessageHandler> handler, CancellationToken cancellation)
    {
        var (clock, orders) = (SamplePrograms.Find("Clock"), SamplePrograms.Find("Orders"));
        // The folder is made as the server would make it: for its owner alone.
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Folder);
        else Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // The server first: what the machine lacks, it says in words.
        host = SymbolonHost.Build(new SymbolonOptions { DataDirectory = Folder, Urls = [urls ?? "http://127.0.0.1:0"], LogLevel = "warning" });
        await host.StartAsync(cancellation);
        Gateway = new Uri(host.Addresses[0]);
        var token = (await File.ReadAllTextAsync(host.AdminTokenFile, cancellation)).Trim();
        Admin = new AdminClient(new AdminAddress(Gateway, token), handler());
        await WriteKeyAsync(cancellation);
        Clock = (await StartSampleAsync(clock, [], cancellation)).Url;
        Orders = (await StartSampleAsync(orders, ["--key-file", OrdersKeyFile, "--data", Path.Combine(Folder, "orders")], cancellation)).Url;
    }

    /// <summary>Another clock, for who wants one of their own.</summary>
    public async Task<SampleProcess> StartClockAsync(CancellationToken cancellation) => await StartSampleAsync(SamplePrograms.Find("Clock"), [], cancellation);

    /// <summary>At the same address a later release of it, which says something else of a tool.</summary>
    public async Task<SampleProcess> UpgradeAsync(SampleProcess clock, CancellationToken cancellation)
    {
        await StopAsync(clock);
        return await StartSampleAsync(SamplePrograms.Find("Clock"), ["--url", clock.Url.GetLeftPart(UriPartial.Authority), "--upgraded"], cancellation);
    }

    /// <summary>Any other sample.</summary>
    public Task<SampleProcess> StartAsync(string name, IEnumerable<string> arguments, CancellationToken cancellation) => StartSampleAsync(SamplePrograms.Find(name), arguments, cancellation);

    public async Task StopAsync(SampleProcess sample)
    {
        samples.Remove(sample);
        await sample.DisposeAsync();
    }

    private async Task<SampleProcess> StartSampleAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var sample = await SampleProcess.StartAsync(program, arguments, cancellation);
        samples.Add(sample);
        return sample;
    }

    private async Task WriteKeyAsync(CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(OrdersKeyFile, options);
        await writer.WriteAsync(RandomNumberGenerator.GetHexString(48, lowercase: true).AsMemory(), cancellation);
    }
}

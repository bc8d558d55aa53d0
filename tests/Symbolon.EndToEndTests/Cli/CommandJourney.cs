using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Cli;

/// <summary>A program with a shop behind it that wants a key, and nothing registered yet.</summary>
public sealed class CommandJourney : IAsyncLifetime
{
    private readonly Lazy<Task> shop;
    private SampleServer orders = null!;

    public CommandJourney() => shop = new Lazy<Task>(RegisterShopAsync);

    public SymbolonProcess Symbolon { get; private set; } = null!;
    public McpWire Wire { get; private set; } = null!;
    public Uri Orders => orders.Url;

    /// <summary>For files of a test.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("symbolon-journey-").FullName;
    public string KeyFile => Path.Combine(Folder, "key");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(KeyFile, "the-key-of-the-shop\n");
        orders = await SampleServer.StartAsync("Orders", "--key-file", KeyFile, "--data", Path.Combine(Folder, "orders"));
        Symbolon = await SymbolonProcess.StartAsync();
        Wire = new McpWire(Symbolon.Url);
    }

    /// <summary>Registers and approves the shop as server <c>shop</c>, once.</summary>
    public Task ShopAsync() => shop.Value;

    /// <summary>Runs a command with these variables and no others of ours.</summary>
    public static async Task<CommandResult> RunAsync(IReadOnlyDictionary<string, string?> environment, params string[] command)
    {
        var own = new Dictionary<string, string?>(environment);
        foreach (var name in new[] { "SYMBOLON_URL", "SYMBOLON_TOKEN", "SYMBOLON_TOKEN_FILE" }) own.TryAdd(name, null);
        await using var child = ChildProcess.Start(SymbolonProcess.Program, command, own);
        var code = await child.ExitAsync(TimeSpan.FromMinutes(2));
        return new CommandResult(code, string.Join('\n', child.Output), string.Join('\n', child.Errors));
    }

    private async Task RegisterShopAsync()
    {
        var registered = await Symbolon.RunAsync("server", "register", "shop", "--owner", "owner@example.com", "--url", Orders.ToString(), "--header", $"X-Api-Key=@{KeyFile}");
        Assert.Contains("symbolon server approve shop", registered.Expect().Errors, StringComparison.Ordinal);
        Assert.StartsWith("apiVersion: symbolon/v1\nkind: Server\n", registered.Output, StringComparison.Ordinal);
        Assert.Equal("pending", (string?)(await Symbolon.RunAsync("server", "show", "shop", "-o", "json")).Expect().Json["state"]);
        (await Symbolon.RunAsync("server", "approve", "shop", "--version", "1", "--reason", "looked at")).Expect();
    }

    public async ValueTask DisposeAsync()
    {
        Wire?.Dispose();
        if (Symbolon is not null) await Symbolon.DisposeAsync();
        if (orders is not null) await orders.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

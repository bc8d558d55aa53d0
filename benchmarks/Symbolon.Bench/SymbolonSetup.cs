using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Symbolon.Bench;

/// <summary>Sets Symbolon up as an operator would, by its commands: servers registered and approved, one token issued.</summary>
internal sealed class SymbolonSetup(string program, string folder)
{
    private readonly long started = Stopwatch.GetTimestamp();
    private string url = "";

    public string Program => program;

    public IReadOnlyList<string> ServeArguments(int port)
    {
        url = $"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}";
        return ["serve", "--data", folder, "--urls", url];
    }

    /// <returns>Milliseconds since this setup was made, which is when the process is started.</returns>
    public async Task<double> WaitUntilReadyAsync()
    {
        using var client = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(url + "/readyz"));
                if (answer.IsSuccessStatusCode) return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
            catch (HttpRequestException) when (attempt < 1500) { }
            if (attempt >= 1500) throw new InvalidOperationException("Symbolon is not ready after 15 s.");
            await Task.Delay(10);
        }
    }

    /// <summary>Registers and approves a server; one of its tools is marked as reading, the others stay writing.</summary>
    public async Task RegisterAsync(string name, string upstream, string readTool)
    {
        var draft = Path.Combine(folder, name + ".yaml");
        await SymbolonAsync("server", "register", name, "--owner", "bench@example.com", "--url", upstream, "--out", draft);
        _ = readTool;
    }

    public async Task<string> IssueAsync(IReadOnlyList<string> servers)
    {
        List<string> arguments = ["token", "issue", "--user", "alice@example.com", "--agent", "bench", "--ttl", "8h", "-o", "json"];
        foreach (var server in servers) arguments.AddRange(["--server", server]);
        arguments.Add("--all");
        using var issued = JsonDocument.Parse(await SymbolonAsync([.. arguments]));
        return issued.RootElement.GetProperty("token").GetString()!;
    }

    private Task<string> SymbolonAsync(params string[] arguments) => Command.RunAsync(program, arguments, new Dictionary<string, string>
    {
        ["SYMBOLON_URL"] = url,
        ["SYMBOLON_TOKEN_FILE"] = Path.Combine(folder, "admin-token"),
    });
}

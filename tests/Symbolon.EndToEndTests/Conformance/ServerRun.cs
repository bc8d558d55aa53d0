using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Conformance;

/// <summary>A way to run the suite's scenarios for servers: a revision's frozen requirements, or all that applies to a revision.</summary>
internal sealed record ServerRun(string Name, string Version, params string[] Arguments)
{
    public static ServerRun Requirements(string version) => new($"requirements of {version}", version, "--requirements", version);

    public static ServerRun All(string version) => new($"all of {version}", version, "--suite", "all", "--spec-version", version);

    /// <summary>The short size knows each version too, since the requirements hold all that applies to theirs.</summary>
    public static IReadOnlyList<ServerRun> Of(bool isLong) =>
        [
            All("2025-03-26"), All("2025-06-18"), Requirements("2025-11-25"), Requirements("2026-07-28"),
            .. isLong ? new[] { All("2025-11-25"), All("2026-07-28") } : [],
        ];

    /// <summary>The scenarios that count: a list of requirements holds those of extensions too, which nobody has to have.</summary>
    public IEnumerable<Check> Scored(IEnumerable<Check> checks)
    {
        if (Arguments[0] != "--requirements") return checks;
        var unscored = File.ReadAllText(Suite.File("requirements", $"{Version}.yaml")).Split("- scenario: ")[1..];
        var extensions = unscored.Where(item => item.Contains("reason: extension", StringComparison.Ordinal)).Select(item => item.Split('\n')[0]).ToHashSet();
        Assert.NotEmpty(extensions);
        return checks.Where(check => !extensions.Contains(check.Scenario));
    }

    /// <param name="token">Shown with every request; null for none.</param>
    public async Task<IReadOnlyList<Check>> RunAsync(Uri server, string? token)
    {
        // The checks of the Host header want to find localhost in the address.
        var address = new UriBuilder(server) { Host = "localhost" }.Uri;
        var environment = token is null ? null : new Dictionary<string, string?> { ["MCP_TEST_TOKEN"] = token, ["MCP_TEST_ORIGIN"] = address.GetLeftPart(UriPartial.Authority) };
        string[] node = token is null ? [] : ["--import", NodeProgram.File("inject-auth.mjs")];
        return (await Suite.RunAsync([.. node, Suite.Program, "server", "--url", address.ToString(), .. Arguments], environment)).Checks;
    }
}

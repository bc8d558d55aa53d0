using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;

namespace Symbolon.EndToEndTests.Conformance;

/// <summary>The official conformance suite of npm, run as a program.</summary>
internal static class Suite
{
    public static string Program { get; } = File("dist", "index.js");

    public static string Version { get; } = VersionOf("conformance");

    /// <summary>The version of a package of <c>@modelcontextprotocol</c> that is installed.</summary>
    public static string VersionOf(string package) =>
        (string)JsonNode.Parse(System.IO.File.ReadAllText(NodeProgram.File("node_modules", "@modelcontextprotocol", package, "package.json")))!["version"]!;

    public static string File(params string[] parts) => NodeProgram.File(["node_modules", "@modelcontextprotocol", "conformance", .. parts]);

    /// <summary>What <c>conformance list</c> says of clients: each scenario that is no extension's, with the versions that it applies to.</summary>
    public static async Task<IReadOnlyList<(string Scenario, string[] Versions)>> ClientScenariosAsync()
    {
        await using var suite = NodeProgram.Start([Program, "list"]);
        await suite.ExitAsync();
        var lines = suite.Output.SkipWhile(line => !line.StartsWith("Client scenarios", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line.StartsWith("  - ", StringComparison.Ordinal));
        return [.. lines.Where(line => !line.EndsWith("[extension]", StringComparison.Ordinal)).Select(line => line[4..^1].Split(" [")).Select(parts => (parts[0], parts[1].Split(',')))];
    }

    /// <summary>What <c>conformance list</c> has for servers with the extension for tasks.</summary>
    public static async Task<IReadOnlyList<string>> TaskScenariosAsync()
    {
        await using var suite = NodeProgram.Start([Program, "list"]);
        await suite.ExitAsync();
        var lines = suite.Output.SkipWhile(line => !line.StartsWith("Server scenarios", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line.StartsWith("  - ", StringComparison.Ordinal));
        return [.. lines.Where(line => line.EndsWith("[extension]", StringComparison.Ordinal)).Select(line => line[4..^" [extension]".Length]).Where(name => name.StartsWith("tasks-", StringComparison.Ordinal))];
    }

    /// <param name="arguments">Of node; where the results go is added to them.</param>
    /// <returns>What the suite found, and what it said. That something failed is no error here.</returns>
    public static async Task<(IReadOnlyList<Check> Checks, string Said)> RunAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var folder = Directory.CreateTempSubdirectory("symbolon-suite-");
        try
        {
            await using var suite = NodeProgram.Start([.. arguments, "-o", folder.FullName], environment);
            await suite.ExitAsync(TimeSpan.FromMinutes(3));
            var checks = Check.Read(folder);
            var said = string.Join('\n', [.. suite.Output, .. suite.Errors]);
            return checks.Count > 0 ? (checks, said) : throw new InvalidOperationException($"The suite found nothing.\n{said}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

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

    /// <param name="arguments">Of node; where the results go is added to them.</param>
    /// <returns>What the suite found. That something failed is no error here.</returns>
    public static async Task<IReadOnlyList<Check>> RunAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var folder = Directory.CreateTempSubdirectory("symbolon-suite-");
        try
        {
            await using var suite = NodeProgram.Start([.. arguments, "-o", folder.FullName], environment);
            await suite.ExitAsync(TimeSpan.FromMinutes(3));
            var checks = Check.Read(folder);
            return checks.Count > 0 ? checks : throw new InvalidOperationException($"The suite found nothing.\n{string.Join('\n', suite.Output)}\n{string.Join('\n', suite.Errors)}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

using System.Xml.Linq;

namespace Symbolon.UnitTests.Architecture;

/// <summary>The table of docs/adr/0001: who may reference whom, and which packages.</summary>
[Trait("area", "architecture")]
public sealed class ReferenceTests
{
    private static readonly string[] Slices = ["Symbolon.AuthorizationServer", "Symbolon.Gateway", "Symbolon.Registry"];

    private static readonly Dictionary<string, string[]> Projects = new()
    {
        ["Symbolon.Jose"] = [],
        ["Symbolon.Cel"] = [],
        ["Symbolon.Core"] = ["Symbolon.Cel", "Symbolon.Jose"],
        ["Symbolon.AuthorizationServer"] = ["Symbolon.Core", "Symbolon.Jose"],
        ["Symbolon.Gateway"] = ["Symbolon.Core", "Symbolon.Jose"],
        ["Symbolon.Registry"] = ["Symbolon.Core", "Symbolon.Jose"],
        ["Symbolon.Storage"] = ["Symbolon.Core"],
        ["Symbolon.Admin"] = ["Symbolon.Core", .. Slices],
        ["Symbolon.Server"] = ["Symbolon.Jose", "Symbolon.Core", .. Slices, "Symbolon.Storage", "Symbolon.Admin"],
        ["Symbolon.Cli"] = ["Symbolon.Server", "Symbolon.Admin", "Symbolon.Core", "Symbolon.Client"],
        ["Symbolon.Client"] = ["Symbolon.Jose"],
        ["Symbolon.Client.AspNetCore"] = ["Symbolon.Client"],
    };

    private static readonly Dictionary<string, string[]> Packages = new()
    {
        ["Symbolon.Admin"] = ["Microsoft.AspNetCore.OpenApi", "YamlDotNet"],
        ["Symbolon.Cli"] = ["ModelContextProtocol.Core", "System.CommandLine"],
        ["Symbolon.Storage"] = ["Dapper", "Microsoft.Data.Sqlite.Core", "Npgsql", "SQLitePCLRaw.core", "SQLitePCLRaw.provider.e_sqlite3"],
    };

    public static TheoryData<string> Sources =>
        [.. Repository.Files("src", "*.csproj").Select(file => Path.GetFileNameWithoutExtension(file.Path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_project_references_only_what_its_row_allows(string project)
    {
        Assert.True(Projects.ContainsKey(project), $"{project} has no row in the table.");
        Assert.Empty(Named(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)).Except(Projects[project]));
        Assert.Empty(Named(project, "PackageReference").Except(Packages.GetValueOrDefault(project, [])));
    }

    [Fact]
    public void Every_row_of_the_table_is_a_project() => Assert.Equal(Projects.Keys.Order(), Sources.Select(row => row.Data).Order());

    [Fact]
    public void Only_the_server_and_the_client_library_make_connections()
    {
        string[] allowed = ["src/Symbolon.Server/Outbound/", "src/Symbolon.Server/Runner/", "src/Symbolon.Cli/", "src/Symbolon.Client/Http/"];
        var elsewhere = Repository.Files("src", "*.cs")
            .Where(file => !allowed.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)))
            .Where(file => file.Text.Contains("new SocketsHttpHandler", StringComparison.Ordinal) || file.Text.Contains("new HttpClientHandler", StringComparison.Ordinal)
                || file.Text.Contains("new Socket(", StringComparison.Ordinal) || file.Text.Contains("new TcpClient", StringComparison.Ordinal));
        Assert.Empty(elsewhere.Select(file => file.Path));
    }

    private static IEnumerable<string> Named(string project, string element) =>
        XDocument.Load(Repository.Of("src", project, project + ".csproj")).Descendants(element)
            .Select(item => item.Attribute("Include")!.Value.Replace('\\', '/'));
}

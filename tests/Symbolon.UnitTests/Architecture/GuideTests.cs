using System.Text.Json;
using System.Text.RegularExpressions;
using Symbolon.Admin.Sources;
using Symbolon.Cli.Commands;
using Symbolon.Core.Registry.Files;
using Symbolon.UnitTests.Files;

namespace Symbolon.UnitTests.Architecture;

/// <summary>A guide that leads nowhere is worse than none.</summary>
[Trait("area", "architecture")]
public sealed partial class GuideTests
{
    private static readonly string[] Pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md"];

    [Fact]
    public void Every_file_and_folder_that_a_page_for_people_names_is_there()
    {
        var named = PagesOfAll().SelectMany(page => Named().Matches(File.ReadAllText(page)).Select(match => (page, Path: match.Value.TrimEnd('.', '/')))).ToList();

        Assert.True(named.Count > 20, "The pattern finds the paths no more.");
        Assert.Empty(named.Where(found => !Path.Exists(Repository.Of(found.Path.Split('/')))).Select(found => $"{found.page}: {found.Path}"));
    }

    [Fact]
    public void Every_link_of_a_page_for_people_leads_somewhere()
    {
        var links = PagesOfAll().SelectMany(page => Link().Matches(File.ReadAllText(page)).Select(match => (page, Target: match.Groups[1].Value))).ToList();

        Assert.True(links.Count > 20, "The pattern finds the links no more.");
        Assert.Empty(links.Where(link => !Path.Exists(Path.Combine(Path.GetDirectoryName(link.page)!, link.Target))).Select(link => $"{link.page}: {link.Target}"));
    }

    [Fact]
    public void Every_document_in_a_page_for_people_is_one_that_could_be_applied_and_is_as_the_schema_says()
    {
        var schema = new PlainSchema(JsonDocument.Parse(LintCommand.Schema()).RootElement);
        var documents = PagesOfAll().SelectMany(page => Yaml().Matches(File.ReadAllText(page)).Select(match => match.Groups[1].Value)).Concat(Repository.Files("samples", "*.yaml").Select(file => file.Text))
            .Where(text => text.Contains("apiVersion:", StringComparison.Ordinal)).SelectMany(text => YamlReader.Read("page", text).Documents).Select(document => document.Json).ToList();

        Assert.NotEmpty(documents);
        Assert.All(documents, document => Assert.Empty(DocumentReader.Read(document).Errors));
        Assert.All(documents, document => Assert.Empty(schema.Check(document)));
    }

    private static IEnumerable<string> PagesOfAll() =>
        Pages.Select(page => Repository.Of(page)).Concat(Directory.EnumerateFiles(Repository.Of("docs"), "*.md", SearchOption.AllDirectories));

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Yaml();

    [GeneratedRegex(@"(?<![\w/.-])(?:src|tests|docs|eng|samples)/[\w./-]+")]
    private static partial Regex Named();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)\)")]
    private static partial Regex Link();
}

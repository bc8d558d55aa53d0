using System.Text.RegularExpressions;

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

    private static IEnumerable<string> PagesOfAll() =>
        Pages.Select(page => Repository.Of(page)).Concat(Directory.EnumerateFiles(Repository.Of("docs"), "*.md", SearchOption.AllDirectories));

    [GeneratedRegex(@"(?<![\w/.-])(?:src|tests|docs|eng|samples)/[\w./-]+")]
    private static partial Regex Named();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)\)")]
    private static partial Regex Link();
}

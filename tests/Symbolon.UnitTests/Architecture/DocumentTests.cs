using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Symbolon.Admin.Reasons;
using Symbolon.Core.Policy;
using Symbolon.Server.Hosting;

namespace Symbolon.UnitTests.Architecture;

[Trait("area", "architecture")]
public sealed partial class DocumentTests
{
    [Fact]
    public void A_decision_fits_on_a_page_and_has_its_five_parts()
    {
        var decisions = Repository.Files("docs/adr", "*.md").ToList();
        Assert.NotEmpty(decisions);
        foreach (var (path, text) in decisions)
        {
            Assert.Matches(@"adr/\d{4}-[a-z0-9-]+\.md$", path);
            Assert.True(text.AsSpan().Count('\n') <= 40, $"{path} is longer than 40 lines.");
            foreach (var part in new[] { "\nDate: 20", "\nStatus: ", "\n## Context\n", "\n## Decision\n", "\n## Consequences\n" })
                Assert.True(text.Contains(part, StringComparison.Ordinal), $"{path} lacks {part.Trim()}");
        }
        Assert.Distinct(decisions.Select(decision => Path.GetFileName(decision.Path)[..4]));
    }

    [Fact]
    public void Every_page_is_linked_by_its_title_from_the_first_one_and_every_link_there_leads_somewhere()
    {
        var links = Link().Matches(File.ReadAllText(Repository.Of("docs", "README.md"))).ToDictionary(link => link.Groups[2].Value, link => link.Groups[1].Value);
        var pages = Directory.GetFiles(Repository.Of("docs"), "*.md", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Repository.Of("docs"), path).Replace('\\', '/')).Where(path => path != "README.md").ToList();
        Assert.Empty(pages.Except(links.Keys));
        Assert.All(links.Keys, link => Assert.True(File.Exists(Repository.Of("docs", link)), $"docs/README.md links {link}, which is not there."));
        foreach (var page in pages.Where(page => page.Contains('/', StringComparison.Ordinal)))
            Assert.Equal($"# {links[page]}", File.ReadLines(Repository.Of("docs", page)).First());
    }

    [Fact]
    public void Every_package_has_its_line_in_the_dependencies_and_every_line_a_package()
    {
        var central = XDocument.Load(Repository.Of("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(item => (Name: item.Attribute("Include")!.Value, Version: item.Attribute("Version")!.Value)).Order().ToList();
        var listed = DependencyLine().Matches(File.ReadAllText(Repository.Of("docs", "dependencies.md")))
            .Select(line => (Name: line.Groups[1].Value, Version: line.Groups[2].Value)).Order().ToList();
        Assert.Equal(central, listed);
    }

    [Fact]
    public void The_page_of_reason_codes_is_what_the_list_says()
    {
        var expected = ReasonCodesPage();
        var path = Repository.Of("docs", "reason-codes.md");
        if (Environment.GetEnvironmentVariable("SYMBOLON_WRITE_DOCS") == "1") File.WriteAllText(path, expected);
        Assert.Equal(expected, File.ReadAllText(path));
    }

    [Fact]
    public void The_page_of_settings_is_what_the_list_says()
    {
        var expected = SettingsPage();
        var path = Repository.Of("docs", "settings.md");
        if (Environment.GetEnvironmentVariable("SYMBOLON_WRITE_DOCS") == "1") File.WriteAllText(path, expected);
        Assert.Equal(expected, File.ReadAllText(path));
    }

    [Fact]
    public void Every_code_of_an_error_has_its_heading()
    {
        var headings = Heading().Matches(File.ReadAllText(Repository.Of("docs", "errors.md"))).Select(match => match.Groups[1].Value).ToHashSet();
        var codes = Repository.Files("src", "*.cs").SelectMany(file => ErrorCode().Matches(file.Text)).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.True(codes.Count > 10, "The pattern finds the codes no more.");
        Assert.Empty(codes.Except(headings));
    }

    [Fact]
    public void Reason_codes_are_positive_and_have_a_meaning_each()
    {
        Assert.All(Enum.GetValues<ReasonCode>(), code => Assert.InRange((int)code, 1, 9999));
        Assert.Equal(Enum.GetValues<ReasonCode>().Length, Meanings().Count);
    }

    private static string ReasonCodesPage()
    {
        var page = new StringBuilder("""
            # Reason codes

            Why a request was refused or failed: the one closed list. The number never changes; it is the JSON-RPC error code where MCP has
            none of its own, and the name is in `error.data.code`, `_meta["symbolon/refusal"].code` and `code` of the admin API's errors.
            `about` beside it is the address of a page that explains it: `/reasons/CODE` of every installation, for which nobody has to sign in.
            Generated from `ReasonCode.cs` and `ReasonTexts.cs`; to write it anew: `SYMBOLON_WRITE_DOCS=1 ./test unit`.

            | Code | Number | What it says | What would change it | Who can give it |
            |---|---|---|---|---|

            """);
        var meanings = Meanings();
        foreach (var code in Enum.GetValues<ReasonCode>().Order())
            page.Append("| `").Append(code.ToText()).Append("` | ").Append((int)code).Append(" | ").Append(meanings[code.ToString()])
                .Append(" | ").Append(ReasonTexts.Of(code).Change).Append(" | ").Append(ReasonTexts.Of(code).Who).Append(" |\n");
        return page.ToString();
    }

    private static string SettingsPage()
    {
        var page = new StringBuilder("""
            # Settings

            In `DIR/symbolon.yaml` (a dot in a name is a level), as a variable, or as a flag of `symbolon serve`; a flag wins over a variable, a variable
            over the file. Lists are given several times, or once with commas. Sizes: `4MiB`, `32KiB`, bytes. Times: `250ms`, `5s`, `10m`, `1h`.
            Ranges and defaults are with `SymbolonOptions` and `GatewayOptions`; a value out of range stops the start and names them.
            The data folder itself is `--data` or `SYMBOLON_DATA`. Generated; to write it anew: `SYMBOLON_WRITE_DOCS=1 ./test unit`.

            | Setting | Variable | Flag | What it is |
            |---|---|---|---|

            """);
        foreach (var setting in Setting.All)
            page.Append("| `").Append(setting.Name).Append("` | `").Append(setting.Variable).Append("` | ")
                .Append(setting.Flag is { } flag ? $"`{flag}`" : "").Append(" | ").Append(setting.Summary).Append(" |\n");
        return page.ToString();
    }

    private static Dictionary<string, string> Meanings() =>
        MeaningLine().Matches(File.ReadAllText(Repository.Of("src", "Symbolon.Core", "Policy", "ReasonCode.cs")))
            .ToDictionary(match => match.Groups[2].Value, match => match.Groups[1].Value.Replace("<c>", "`", StringComparison.Ordinal).Replace("</c>", "`", StringComparison.Ordinal));

    [GeneratedRegex(@"\[([^\]]+)\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"/// <summary>(.*)</summary>\n    (\w+) = \d+,")]
    private static partial Regex MeaningLine();

    [GeneratedRegex("^## ([a-z_]+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"(?:CommandException\(ExitCode\.\w+|ChangeError\(ChangeErrorKind\.\w+|ChangeError\.Conflict\(|Conflict\(),? ?""([a-z_]+)""")]
    private static partial Regex ErrorCode();

    [GeneratedRegex(@"^\| `([^`]+)` \| ([^ ]+) \|", RegexOptions.Multiline)]
    private static partial Regex DependencyLine();
}

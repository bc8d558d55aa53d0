using System.Text.RegularExpressions;

namespace Symbolon.UnitTests.Architecture;

[Trait("area", "architecture")]
public sealed partial class SourceTests
{
    private const int MostLines = 400;

    private static readonly string[] BannedWords = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Info", "Data", "Impl", "Base", "Service"];

    private static IEnumerable<(string Path, string Text)> Sources =>
        new[] { "src", "tests", "samples", "bench" }.Where(folder => Directory.Exists(Repository.Of(folder))).SelectMany(folder => Repository.Files(folder, "*.cs"));

    [Fact]
    public void No_file_has_more_than_400_lines() =>
        Assert.Empty(Sources.Where(file => file.Text.AsSpan().Count('\n') > MostLines).Select(file => file.Path));

    [Fact]
    public void No_type_is_named_by_a_word_that_says_nothing() =>
        Assert.Empty(SymbolonAssemblies.OwnTypes
            .Where(type => Words().Matches(type.Name).Any(word => BannedWords.Contains(word.Value)))
            .Select(type => type.FullName));

    [Fact]
    public void No_test_is_skipped_and_nothing_is_left_to_do_later()
    {
        var words = string.Join('|', "TO" + "DO", "FIX" + "ME", "Skip" + " = \"", "NotImplemented" + "Exception");
        Assert.Empty(Sources.Where(file => Regex.IsMatch(file.Text, words)).Select(file => file.Path));
    }

    [Fact]
    public void The_types_that_a_DESIGN_page_names_exist()
    {
        var known = SymbolonAssemblies.OwnTypes.Select(type => type.Name.Split('`')[0]).ToHashSet();
        var pages = Repository.Files("src", "DESIGN.md").ToList();
        Assert.NotEmpty(pages);
        foreach (var (path, text) in pages)
        {
            var named = TypeNames().Matches(text).Select(match => match.Groups[1].Value).ToList();
            Assert.NotEmpty(named);
            Assert.True(named.All(known.Contains), $"{path} names types that do not exist: {string.Join(", ", named.Where(name => !known.Contains(name)))}");
        }
    }

    [Fact]
    public void Each_log_event_has_a_number_of_its_own_in_its_projects_range()
    {
        var ranges = new Dictionary<string, char>
        {
            ["Symbolon.Storage"] = '1', ["Symbolon.Gateway"] = '2', ["Symbolon.Registry"] = '3', ["Symbolon.AuthorizationServer"] = '3',
            ["Symbolon.Admin"] = '4', ["Symbolon.Server"] = '5', ["Symbolon.Client.AspNetCore"] = '6',
        };
        var events = Repository.Files("src", "*.cs")
            .SelectMany(file => EventNumber().Matches(file.Text).Select(match => (Project: file.Path.Split('/')[1], Number: match.Groups[1].Value))).ToList();
        Assert.NotEmpty(events);
        Assert.Distinct(events.Select(each => each.Number));
        Assert.All(events, each => Assert.True(each.Number.Length == 4 && each.Number[0] == ranges[each.Project], $"{each.Project} logs event {each.Number}."));
    }

    [GeneratedRegex(@"\[LoggerMessage\(EventId = (\d+)")]
    private static partial Regex EventNumber();

    /// <summary>The words of a Pascal-cased name; digits belong to the word before them, so that Base64 is not Base.</summary>
    [GeneratedRegex("[A-Z]+(?![a-z])[0-9]*|[A-Z][a-z]*[0-9]*")]
    private static partial Regex Words();

    [GeneratedRegex("`([A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)`")]
    private static partial Regex TypeNames();
}

using Symbolon.Core.Resources;

namespace Symbolon.UnitTests.Resources;

/// <summary>Texts that nobody thought of: what a wildcard stands for is served where it looks like, however a server decodes and normalizes it.</summary>
[Trait("area", "resources")]
[Trait("hostile", "DESIGN.md section 4, Scopes")]
public sealed class UriPatternFuzzTests
{
    private const int Rounds = 200_000;

    private static readonly string[] Pieces =
        ["a", "b", "docs", "public", "..", ".", "/", "//", "\\", "%2e", "%2E", "%2f", "%5c", "%25", "%", "2e", "5C", "%c0%ae", "%00", "%20", "%41", "%3f", "%23", ";", "?", "#", ":", "@", "*", "~", "x=1", "\uff0e", "\uff0f", "\u2025", " ", "\t", "\u00e9"];

    [Theory]
    [InlineData("file:///docs/**", "docs +")]
    [InlineData("file:///docs/*", "docs _")]
    [InlineData("file:///docs/a*", "docs a")]
    [InlineData("file:///docs/*/public", "docs _ public")]
    [InlineData("file:///docs/*/a/*", "docs _ a _")]
    [InlineData("file:///docs/*/a*/**", "docs _ a +")]
    public void What_a_wildcard_stands_for_is_served_where_it_looks_like(string pattern, string expected)
    {
        var random = new Random(17);
        var parsed = UriPattern.Parse(pattern, out _)!;
        var matched = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var uri = "file:///docs/" + string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => Pieces[random.Next(Pieces.Length)] + (random.Next(2) == 0 ? "/" : random.Next(4) == 0 ? "/a" : "")));
            if (!parsed.Matches(uri)) continue;
            matched++;
            var text = uri;
            for (var decoded = 0; decoded <= 2; decoded++, text = Uri.UnescapeDataString(text))
                Assert.True(IsWithin(Served(text), expected.Split(' ')), $"{uri} is served as {string.Join('/', Served(text))}");
        }
        Assert.True(matched > 10, $"{matched} matched");
    }

    /// <summary>Against expansions that a plain reading of RFC 6570 gives.</summary>
    [Fact]
    public void Templates_are_listed_and_completed_as_their_expansions_say()
    {
        string[] pieces = ["a", "b", "docs", "/", "/", "/", ".", "{x}", "{x}", "{+x}", "{/x}", "{/x*}", "{?x}", "{#x}", "{.x}", "{;x}", "?", "#", "file:"];
        string[] values = ["", "a", "b", "docs", "public", "a/b", "docs/a", "..", "a?b", "/", "a//b"];
        string[] patterns = ["*", "file:///docs/**", "file:///docs/*", "file:///docs/a*", "file:///docs/*/a", "file:///docs/a", "file:///docs", "file:///*/b", "file:///a*/**"];
        var random = new Random(23);
        var (reached, covered) = (0, 0);
        for (var i = 0; i < Rounds / 4; i++)
        {
            var template = (random.Next(3) == 0 ? "file:///" : "file:///docs") + string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => pieces[random.Next(pieces.Length)]));
            var pattern = UriPattern.Parse(patterns[random.Next(patterns.Length)], out _)!;
            foreach (var value in values)
            {
                var uri = Expand(template, value);
                if (pattern.Matches(uri))
                {
                    Assert.True(pattern.MayReach(template), $"{template} with {value} is {uri}, one of {pattern}");
                    reached++;
                }
                // A value that is nothing, ends the path or is treacherous is asked for and refused by itself.
                if (value.Length > 0 && !value.Contains('?', StringComparison.Ordinal) && pattern.HasWildcard && UriPattern.Any.Matches(uri) && !uri["file:///".Length..].Contains("//", StringComparison.Ordinal) && pattern.Covers(template))
                {
                    Assert.True(pattern.Matches(uri), $"{template} with {value} is {uri}, none of {pattern}");
                    covered++;
                }
            }
        }
        Assert.True(reached > 1000 && covered > 1000, $"{reached} reached, {covered} covered");
    }

    /// <summary>What is left of the path where a server takes the marks of other systems for slashes, drops parameters of segments, and resolves dots.</summary>
    private static List<string> Served(string uri)
    {
        var path = uri["file://".Length..].Replace('\\', '/').Replace('\uff0f', '/').Replace('\uff0e', '.').Replace("\u2025", "..", StringComparison.Ordinal).Split('?', '#')[0];
        var left = new List<string>();
        foreach (var segment in path.Split('/').Select(segment => segment.Split(';')[0].Trim(' ')))
        {
            if (segment is "" or ".") continue;
            if (segment != "..") left.Add(segment);
            else if (left.Count > 0) left.RemoveAt(left.Count - 1);
        }
        return left;
    }

    private static bool IsWithin(List<string> served, string[] expected)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i] == "+") return served.Count > i;
            if (i == served.Count) return false;
            if (expected[i] == "a" ? !served[i].StartsWith('a') : expected[i] != "_" && served[i] != expected[i]) return false;
        }
        return served.Count == expected.Length;
    }

    private static string Expand(string template, string value) => System.Text.RegularExpressions.Regex.Replace(template, @"\{([+#./;?&]?)x(\*?)\}", found =>
    {
        var escaped = Uri.EscapeDataString(value);
        return found.Groups[1].Value switch
        {
            "+" => Reserved(value),
            "#" => value.Length == 0 ? "" : "#" + Reserved(value),
            "/" when found.Groups[2].Length > 0 => value.Length == 0 ? "" : string.Concat(value.Split('/').Select(part => "/" + Uri.EscapeDataString(part))),
            "/" => value.Length == 0 ? "" : "/" + escaped,
            "." => value.Length == 0 ? "" : "." + escaped,
            ";" => value.Length == 0 ? ";x" : ";x=" + escaped,
            "?" => "?x=" + escaped,
            _ => escaped,
        };
    });

    private static string Reserved(string value) => value;
}

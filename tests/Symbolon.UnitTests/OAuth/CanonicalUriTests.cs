using System.Text;
using Symbolon.Jose.Proofs;

namespace Symbolon.UnitTests.OAuth;

[Trait("area", "oauth")]
[Trait("clause", "RFC 3986 §6.2.2")]
public sealed class CanonicalUriTests
{
    [Theory]
    [InlineData("https://a.example", "https://a.example/")]
    [InlineData("HTTP://A.Example:80", "http://a.example/")]
    [InlineData("http://a.example:443/", "http://a.example:443/")]
    [InlineData("https://a.example:00443/", "https://a.example/")]
    [InlineData("https://a.example:65535/x", "https://a.example:65535/x")]
    [InlineData("https://a.example/%7Eu/%7eu/~u", "https://a.example/~u/~u/~u")]
    [InlineData("https://a.example/%3a%2f%C3%a9", "https://a.example/%3A%2F%C3%A9")]
    [InlineData("https://a.example/a/b/c/./../../g", "https://a.example/a/g")]
    [InlineData("https://a.example/mid/content=5/../6", "https://a.example/mid/6")]
    [InlineData("https://a.example/../../a", "https://a.example/a")]
    [InlineData("https://a.example/a/..", "https://a.example/")]
    [InlineData("https://a.example/a/.", "https://a.example/a/")]
    [InlineData("https://a.example/a//../b", "https://a.example/a/b")]
    [InlineData("https://a.example//", "https://a.example//")]
    [InlineData("https://a.example/.../...a", "https://a.example/.../...a")]
    [InlineData("https://[::0:1]:443/", "https://[::1]/")]
    [InlineData("https://[2001:DB8::A]:8443/", "https://[2001:db8::a]:8443/")]
    [InlineData("https://127.0.0.1:8750/mcp", "https://127.0.0.1:8750/mcp")]
    public void A_uri_has_one_spelling(string uri, string canonical)
    {
        Assert.Equal(canonical, Canonical(uri));
        Assert.Equal(canonical, Canonical(canonical));
        Assert.Equal(canonical, ProofTarget.Of(uri).ToString());
    }

    [Theory]
    [InlineData("https://[::1")]
    [InlineData("https://[127.0.0.1]/")]
    [InlineData("https://[fe80::1%25eth0]/")]
    [InlineData("https://[::1]x/")]
    [InlineData("https://[]/")]
    [InlineData("https://::1/")]
    [InlineData("https://a.example/[x]")]
    [InlineData("https://a.example/\u00e9")]
    [InlineData("https://:443/")]
    [InlineData("https://")]
    [InlineData("https:///x")]
    [InlineData("ftp://a.example/")]
    [InlineData("")]
    public void What_is_no_such_uri_has_no_spelling(string uri)
    {
        Assert.Null(Canonical(uri));
        Assert.Throws<ArgumentException>(() => ProofTarget.Of(uri));
    }

    [Fact]
    public void A_uri_over_2_KiB_has_no_spelling_and_one_of_2_KiB_that_grows_has_one()
    {
        Assert.Null(Canonical("https://a.example/" + new string('a', CanonicalUri.MostBytes)));
        Assert.NotNull(Canonical("https://[::ffff:7f00:1]/" + new string('a', CanonicalUri.MostBytes - 24)));
    }

    /// <summary>Two inputs that a browser tells apart must never be one to us: a proof for the one would be good for the other.</summary>
    [Fact]
    public void No_two_urls_that_browsers_tell_apart_become_one()
    {
        var byCanonical = new Dictionary<string, (string Input, string Href)>();
        var read = 0;
        foreach (var (input, href) in Vectors())
        {
            if (Canonical(input) is not { } canonical) continue;
            read++;
            // What a browser refuses is nobody's address: only that it becomes no one else's matters.
            var address = href is null ? "refused " + canonical : Canonical(href) ?? href;
            if (byCanonical.TryGetValue(canonical, out var other)) Assert.True(other.Href == address, $"{input} and {other.Input} are both {canonical}");
            else byCanonical[canonical] = (input, address);
        }
        Assert.InRange(read, 60, 400);
    }

    /// <summary>What we accept names what a browser would connect to, but for numbers as hosts, which we leave as they are and which so match nothing.</summary>
    [Fact]
    public void What_is_accepted_is_the_address_that_browsers_make_of_it()
    {
        var differ = new List<string>();
        var same = 0;
        foreach (var (input, href) in Vectors())
        {
            if (href is null || Canonical(input) is not { } canonical) continue;
            if (canonical == Canonical(href)) same++;
            else if (!Uri.CheckHostName(new Uri(href).Host).Equals(UriHostNameType.IPv4)) differ.Add($"{input}: {canonical}, {href}");
        }
        Assert.Empty(differ);
        Assert.InRange(same, 60, 400);
    }

    /// <summary>The normal form is an address like any other.</summary>
    private static IEnumerable<(string Input, string? Href)> Vectors() => UrlVectors.Read().SelectMany(each => each.Href is { } href ? [each, (href, href)] : new[] { each });

    private static string? Canonical(string uri)
    {
        var room = new byte[CanonicalUri.MostWritten];
        return CanonicalUri.TryWrite(Encoding.UTF8.GetBytes(uri), room, out var written) ? Encoding.ASCII.GetString(room, 0, written) : null;
    }
}

using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Symbolon.AuthorizationServer.Accounts;
using Symbolon.Core.Identity;
using Symbolon.Testing;

namespace Symbolon.UnitTests.AuthorizationServer;

[Trait("area", "accounts")]
public sealed class PasswordTextTests
{
    [Fact]
    [Trait("clause", "NIST SP 800-63B §5.1.1.2")]
    public void Two_thousand_texts_are_what_another_implementation_makes_of_them()
    {
        var lines = File.ReadAllLines(Path.Combine(Repo.Root, "tests", "data", "unicode", "nfkd.txt"));
        Assert.Equal(2000, lines.Length);
        foreach (var line in lines)
        {
            var (text, normal) = (Text(line.Split(';')[0]), Text(line.Split(';')[1]));
            Assert.Equal(normal, PasswordText.Normal(text));
            Assert.Equal(normal, PasswordText.Normal(normal));
        }
    }

    [Theory]
    [InlineData("caf\u00e9 lamp orbit", "cafe\u0301 lamp orbit")]
    [InlineData("\uff4camp orbit fence", "lamp orbit fence")]
    [InlineData("of\ufb01ce lamp orbit", "office lamp orbit")]
    [InlineData("\ud55c\uae00 lamp orbit", "\u1112\u1161\u11ab\u1100\u1173\u11af lamp orbit")]
    [InlineData("q\u0323\u0307 lamp orbit", "q\u0307\u0323 lamp orbit")]
    [Trait("clause", "NIST SP 800-63B §5.1.1.2")]
    public void A_password_is_the_same_however_it_was_typed(string one, string other)
    {
        using var hashing = new PasswordHashing(PasswordHashing.NewHasher());
        Assert.Equal(PasswordVerificationResult.Success, hashing.Verify(hashing.Hash(one), other));
        Assert.Equal(PasswordVerificationResult.Success, hashing.Verify(hashing.Hash(other), one));
        Assert.Equal(PasswordVerificationResult.Failed, hashing.Verify(hashing.Hash(one), other + "x"));
    }

    [Theory]
    [InlineData("plain text stays")]
    [InlineData("\ud800 half a pair")]
    [InlineData("")]
    public void What_is_normal_or_no_text_stays_as_it_is(string text) => Assert.Equal(text, PasswordText.Normal(text));

    [Fact]
    public void What_is_tried_first_is_refused_in_every_spelling() => Assert.NotNull(PasswordRules.FaultOf("\uff50assword1234", UserEmail.Parse("alice@example.com"), null));

    private static string Text(string hexes) => string.Concat(hexes.Split('+').Select(hex => char.ConvertFromUtf32(int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));
}

using Symbolon.AuthorizationServer.Accounts;
using Symbolon.Core.Identity;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>NIST SP 800-63B §5.1.1.2: length, what is known or common, and nothing else.</summary>
[Trait("area", "accounts")]
public sealed class PasswordRulesTests
{
    private static readonly UserEmail Alice = UserEmail.Parse("alice.moreno@example.com");

    [Theory]
    [InlineData("lamp orbit fence")]
    [InlineData("xkqzvbjwplrm")]
    [InlineData("ÄÖÜßéèêñøåæç")]
    [InlineData("🦊🐙🌵🎺🚲🧭🪁🧩🎲🪀🛶🧵")]
    [InlineData("            spaces count            ")]
    [InlineData("alice likes trombones")]
    public void A_long_password_of_any_characters_is_taken(string password) => Assert.Null(PasswordRules.FaultOf(password, Alice, "Alice Moreno"));

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("elevenchars")]
    [InlineData("🦊🐙🌵🎺🚲🧭🪁🧩🎲🪀🛶")]
    public void Fewer_than_twelve_characters_are_refused(string password) => Assert.Contains("at least 12", PasswordRules.FaultOf(password, Alice, null), StringComparison.Ordinal);

    [Fact]
    public void More_than_128_characters_are_refused_and_128_are_not()
    {
        var long128 = string.Concat(Enumerable.Range(0, 32).Select(i => $"{i:x2}q!"));
        Assert.Null(PasswordRules.FaultOf(long128, Alice, null));
        Assert.Contains("at most 128", PasswordRules.FaultOf(long128 + "x", Alice, null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("password1234")]
    [InlineData("Password1234")]
    [InlineData("CorrectHorseBatteryStaple")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("abcabcabcabcabc")]
    [InlineData("1234123412341")]
    public void What_is_tried_first_is_refused(string password) => Assert.Contains("tried first", PasswordRules.FaultOf(password, Alice, null), StringComparison.Ordinal);

    [Theory]
    [InlineData("alice.moreno@example.com")]
    [InlineData("Alice.Moreno2026")]
    [InlineData("symbolon12345")]
    [InlineData("moreno-symbolon!")]
    [InlineData("example.com1234")]
    public void What_everybody_knows_of_the_person_and_the_product_is_no_password(string password) =>
        Assert.Contains("too little", PasswordRules.FaultOf(password, Alice, "Alice Moreno"), StringComparison.Ordinal);

    [Theory]
    [InlineData("lamp orbit\0fence")]
    [InlineData("lamp orbit\nfence")]
    public void What_cannot_be_typed_or_stored_is_refused(string password) => Assert.Contains("control characters", PasswordRules.FaultOf(password, Alice, null), StringComparison.Ordinal);

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Assert.Contains("control characters", PasswordRules.FaultOf($"lamp orbit {(char)0xD800} fence", Alice, null), StringComparison.Ordinal);

    [Fact]
    public void No_message_repeats_the_password()
    {
        foreach (var password in (string[])["hunter2", "hunter2hunter2hunter2\n", "password1234", "alice.moreno1"])
            Assert.DoesNotContain(password, PasswordRules.FaultOf(password, Alice, null), StringComparison.Ordinal);
    }
}

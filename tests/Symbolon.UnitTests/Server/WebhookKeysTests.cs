using System.Text;
using Symbolon.Server.Webhooks;

namespace Symbolon.UnitTests.Server;

[Trait("area", "webhook")]
public sealed class WebhookKeysTests
{
    /// <summary>The vector that the libraries of the specification share: standard-webhooks/standard-webhooks, libraries/javascript/src/webhook.test.ts, go, php ("sign function works").</summary>
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    [Fact]
    [Trait("clause", "Standard Webhooks 1.0.0 Signature scheme")]
    public void The_vector_of_the_specifications_libraries_is_signed_as_they_sign_it() => Assert.Equal(Expected, SignVector(Secret));

    [Fact]
    [Trait("clause", "Standard Webhooks 1.0.0 Signature scheme")]
    public void While_receivers_change_over_both_secrets_sign_the_present_one_first()
    {
        var other = "whsec_" + Convert.ToBase64String(new byte[24]);
        Assert.Equal($"{Expected} {SignVector(other)}", SignVector($"{Secret}\r\n{other}\n"));
    }

    [Theory]
    [InlineData("", "one secret")]
    [InlineData("\n\n", "one secret")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_")]
    [InlineData("whsec_", "24 to 64 bytes")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "base64")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!", "base64")]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "24 to 64 bytes")]
    [InlineData("whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\nwhsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\nwhsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "one secret")]
    public void What_is_no_secret_is_refused_without_being_repeated(string text, string said)
    {
        var thrown = Assert.Throws<FormatException>(() => WebhookKeys.Parse(text));
        Assert.Contains(said, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("MfKQ9r8G", thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_of_65_bytes_is_refused_and_one_of_64_is_not()
    {
        Assert.Throws<FormatException>(() => WebhookKeys.Parse("whsec_" + Convert.ToBase64String(new byte[65])));
        Assert.NotNull(WebhookKeys.Parse("whsec_" + Convert.ToBase64String(new byte[64])));
    }

    private static string SignVector(string secrets) => WebhookKeys.Parse(secrets).Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("{\"test\": 2432232314}"));
}

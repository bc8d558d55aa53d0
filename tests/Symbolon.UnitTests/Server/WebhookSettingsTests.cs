using Symbolon.Server.Hosting;

namespace Symbolon.UnitTests.Server;

[Trait("area", "webhook")]
public sealed class WebhookSettingsTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Theory]
    [InlineData("http://hooks.example.com/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("https://user:secret@hooks.example.com/")]
    [InlineData("https://hooks.example.com/#fragment")]
    [InlineData("ftp://hooks.example.com/")]
    [InlineData("hooks.example.com")]
    [InlineData("/hooks")]
    public void An_address_that_nothing_may_be_sent_to_is_refused_and_not_repeated(string url)
    {
        var errors = Errors(("webhook.url", url));
        Assert.Contains(errors, error => error.StartsWith("webhook.url: must be an https address", StringComparison.Ordinal));
        Assert.All(errors, error => Assert.DoesNotContain(url, error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://hooks.example.com/a?b=c")]
    [InlineData("https://10.0.0.1:8443/")]
    [InlineData("http://127.0.0.1:9/")]
    [InlineData("http://[::1]:9/")]
    [InlineData("http://localhost:9/")]
    public void Https_and_http_on_this_machine_are_taken(string url) =>
        Assert.DoesNotContain(Errors(("webhook.url", url)), error => error.StartsWith("webhook.url:", StringComparison.Ordinal));

    /// <summary>Who writes an address sees where it leads; a name is believed only where the operator says so.</summary>
    [Theory]
    [InlineData("https://10.0.0.1/", false, true)]
    [InlineData("http://localhost/", false, true)]
    [InlineData("https://hooks.example.com/", false, false)]
    [InlineData("https://0x0a.1/", false, false)]
    [InlineData("https://hooks.example.com/", true, true)]
    public void A_name_may_lead_inside_only_where_the_operator_says_so(string url, bool inside, bool may) =>
        Assert.Equal(may, WebhookCheck.MayBeInside(new SymbolonOptions { DataDirectory = "/nowhere", WebhookInside = inside }, new Uri(url)));

    [Fact]
    public void An_address_needs_a_secret_and_a_secret_an_address()
    {
        Assert.Contains("webhook.url and webhook.secretFile: both or none", Errors(("webhook.url", "https://hooks.example.com/")));
        Assert.Contains("webhook.url and webhook.secretFile: both or none", Errors(("webhook.secretFile", "/nowhere/secret")));
        Assert.Contains(Errors(("webhook.inside", "on")), error => error.StartsWith("webhook.inside: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_secret_in_the_place_of_its_files_name_is_not_repeated()
    {
        var errors = Errors(("webhook.url", "https://hooks.example.com/"), ("webhook.secretFile", Secret));
        Assert.Contains("webhook.secretFile: the file does not exist", errors);
        Assert.All(errors, error => Assert.DoesNotContain("MfKQ", error, StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Errors(params (string Name, string Value)[] file) =>
        Assert.Throws<InvalidOptionsException>(() => SettingsReader.Read("/nowhere/symbolon", file.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)), [], [new("log.level", "loud")])).Errors;
}

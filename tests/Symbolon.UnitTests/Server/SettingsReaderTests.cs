using Symbolon.Core.Tools;
using Symbolon.Gateway;
using Symbolon.Server.Hosting;

namespace Symbolon.UnitTests.Server;

[Trait("area", "hosting")]
public sealed class SettingsReaderTests
{
    private const string Directory = "/nowhere/symbolon";

    [Fact]
    public void Without_any_setting_it_listens_on_loopback_8750() =>
        Assert.Equal(["http://127.0.0.1:8750"], Read().Urls);

    [Fact]
    public void A_flag_replaces_a_variable_and_a_variable_the_file()
    {
        var options = Read(
            file: [new("maxStaleness", "2s"), new("log.level", "debug"), new("urls", "http://127.0.0.1:1")],
            environment: [new("SYMBOLON_LOG_LEVEL", "warning"), new("SYMBOLON_URLS", "http://127.0.0.1:2")],
            flags: [new("urls", "http://127.0.0.1:3"), new("urls", "http://[::1]:3")]);

        Assert.Equal(TimeSpan.FromSeconds(2), options.MaxStaleness);
        Assert.Equal("warning", options.LogLevel);
        Assert.Equal(["http://127.0.0.1:3", "http://[::1]:3"], options.Urls);
    }

    [Fact]
    public void All_errors_are_told_at_once_each_with_its_setting()
    {
        var errors = Errors(
            file: [new("maxStaleness", "soon"), new("limits.bodyy", "1"), new("log.level", "loud")],
            environment: [new("SYMBOLON_AUDIT_INTENT_FIRST", "never")],
            flags: [new("urls", "http://0.0.0.0:80"), new("publicUrls", "https://a.example/path"), new("proxy.trusted", "the one")]);

        Assert.Collection(
            errors.Order(StringComparer.Ordinal),
            error => Assert.StartsWith("SYMBOLON_AUDIT_INTENT_FIRST (environment): ", error, StringComparison.Ordinal),
            error => Assert.StartsWith("limits.bodyy (symbolon.yaml): there is no such setting", error, StringComparison.Ordinal),
            error => Assert.StartsWith("log.level: ", error, StringComparison.Ordinal),
            error => Assert.StartsWith("maxStaleness (symbolon.yaml): ", error, StringComparison.Ordinal),
            error => Assert.StartsWith("proxy.trusted: ", error, StringComparison.Ordinal),
            error => Assert.StartsWith("publicUrls: ", error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://0.0.0.0:8750")]
    [InlineData("http://192.168.1.5:8750")]
    [InlineData("http://[::]:8750")]
    public void Plain_http_off_loopback_is_refused_without_a_proxy(string url)
    {
        Assert.Contains(Errors(flags: [new("urls", url), new("publicUrls", "https://a.example")]), error => error.Contains("plain http off loopback", StringComparison.Ordinal));
        Assert.Equal([url], Read(flags: [new("urls", url), new("publicUrls", "https://a.example"), new("proxy.trusted", "10.0.0.0/8")]).Urls);
    }

    [Theory]
    [InlineData("http://0.0.0.0:9")]
    [InlineData("http://[::]:9")]
    public void An_admin_listener_on_every_address_needs_origins_as_any_other_does(string url)
    {
        Assert.Contains(Errors(flags: [new("adminUrls", url), new("proxy.trusted", "10.0.0.0/8")]), error => error.StartsWith("publicUrls: ", StringComparison.Ordinal));
        Assert.Equal([url], Read(flags: [new("adminUrls", url), new("proxy.trusted", "10.0.0.0/8"), new("publicUrls", "https://a.example")]).AdminUrls);
    }

    [Fact]
    public void The_admin_listener_is_held_to_the_same_rule() =>
        Assert.Contains(Errors(flags: [new("adminUrls", "http://10.0.0.1:9")]), error => error.StartsWith("adminUrls: http://10.0.0.1:9 is plain http", StringComparison.Ordinal));

    [Theory]
    [InlineData("127.0.0.1:8750")]
    [InlineData("http://example.com:8750")]
    [InlineData("http://127.0.0.1:8750/path")]
    [InlineData("http://user@127.0.0.1:8750")]
    [InlineData("unix:/tmp/socket")]
    [InlineData("http://*:8750")]
    public void What_is_no_address_of_this_machine_is_refused(string url) => Assert.NotEmpty(Errors(flags: [new("urls", url)]));

    [Fact]
    public void Https_without_a_certificate_is_refused() =>
        Assert.Contains(Errors(flags: [new("urls", "https://127.0.0.1:8750")]), error => error.Contains("--tls-cert", StringComparison.Ordinal));

    [Fact]
    public void Variables_that_are_no_settings_are_told_and_change_nothing()
    {
        var options = Read(environment:
        [
            new("SYMBOLON_SERVICE_HOST", "10.0.0.1"), new("SYMBOLON_URL", "http://127.0.0.1:1"), new("SYMBOLON_TOKEN", "secret"),
            new("ASPNETCORE_URLS", "http://0.0.0.0:80"), new("DOTNET_ENVIRONMENT", "Development"),
        ]);

        Assert.Equal(["SYMBOLON_SERVICE_HOST"], options.IgnoredVariables);
        Assert.Equal(["http://127.0.0.1:8750"], options.Urls);
    }

    [Theory]
    [InlineData("limits.toolsRefresh", "5m", "500ms")]
    [InlineData("limits.cachedTokens", "1000", "15")]
    [InlineData("limits.unknownTokens", "100", "0")]
    [InlineData("limits.unknownTokenRefill", "1s", "2h")]
    [InlineData("limits.processes", "1", "0")]
    [InlineData("limits.processMemory", "0", "2000000")]
    [InlineData("limits.processChildren", "0", "100001")]
    [InlineData("limits.processTotalMemory", "0", "20000000")]
    [InlineData("limits.processCpu", "0s", "300h")]
    public void What_memory_may_hold_and_how_often_upstreams_are_asked_can_be_set_within_bounds(string name, string good, string bad)
    {
        Assert.NotNull(Read(file: [new(name, good)]));
        Assert.StartsWith("limits: ", Assert.Single(Errors(file: [new(name, bad)])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("off", null)]
    [InlineData("0", 0)]
    [InlineData("300", 300)]
    public void Browsers_are_told_to_come_by_https_for_a_number_of_seconds_or_not_at_all(string text, int? seconds) =>
        Assert.Equal(seconds, Read(file: [new("hsts", text)]).HstsSeconds);

    [Fact]
    public void The_user_of_a_runner_is_a_number_and_means_nothing_without_its_socket()
    {
        Assert.Equal(65534u, Read(file: [new("runner.socket", "/run/s"), new("runner.uid", "65534")]).RunnerUser);
        Assert.StartsWith("runner.uid: ", Assert.Single(Errors(file: [new("runner.uid", "65534")])), StringComparison.Ordinal);
        Assert.Contains("runner.uid", Assert.Single(Errors(file: [new("runner.socket", "/run/s"), new("runner.uid", "nobody")])), StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_whose_tokens_must_be_bound_mean_nothing_without_the_demand()
    {
        var rule = Read(file: [new("tokens.binding", "dpop"), new("tokens.boundEffects", "write,irreversible")]).Binding;
        Assert.False(rule.CoversAll());
        Assert.Equal([false, true, true], new[] { Effect.Read, Effect.Write, Effect.Irreversible }.Select(rule.Covers));
        Assert.True(Read(file: [new("tokens.binding", "dpop")]).Binding.CoversAll());
        Assert.StartsWith("tokens.boundEffects: ", Assert.Single(Errors(file: [new("tokens.boundEffects", "write")])), StringComparison.Ordinal);
        Assert.Contains("tokens.binding", Assert.Single(Errors(file: [new("tokens.binding", "mtls")])), StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_out_of_range_are_all_named_at_once()
    {
        var wrong = new GatewayOptions { MaxBodyBytes = 1, MaxDepth = 0, UpstreamSilence = TimeSpan.Zero };
        Assert.Equal(3, OptionsCheck.Errors(new SymbolonOptions { DataDirectory = Directory, Gateway = wrong }).Count);
    }

    [Fact]
    public void Every_limit_of_the_gateway_has_a_setting()
    {
        var changed = Setting.All.Where(setting => setting.Name.StartsWith("limits.", StringComparison.Ordinal) || setting.Name is "audit.intentFirst" or "tokens.dpopNonce")
            .Select(setting => Changed(setting)).OfType<string>();
        Assert.Equal(typeof(GatewayOptions).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal), changed.Order(StringComparer.Ordinal));

        static string? Changed(Setting setting)
        {
            var (before, after) = (new GatewayOptions(), new SymbolonOptions { DataDirectory = Directory });
            foreach (var value in (string[])["all", "always", "17", "17s"])
                try
                {
                    after = setting.Apply(after, new SettingValue([value]));
                }
                catch (FormatException)
                {
                    // Of another kind; one of the values fits.
                }
            return typeof(GatewayOptions).GetProperties().SingleOrDefault(property => !Equals(property.GetValue(before), property.GetValue(after.Gateway)))?.Name;
        }
    }

    [Fact]
    public void No_two_settings_share_a_name_a_flag_or_a_variable()
    {
        Assert.Distinct(Setting.All.Select(setting => setting.Name));
        Assert.Distinct(Setting.All.Select(setting => setting.Variable));
        Assert.Distinct(Setting.All.Select(setting => setting.Flag).OfType<string>());
        Assert.Contains(Setting.All, setting => setting is { Name: "masterKeyFile", Variable: "SYMBOLON_MASTER_KEY_FILE" });
    }

    private static SymbolonOptions Read(
        KeyValuePair<string, string>[]? file = null, KeyValuePair<string, string>[]? environment = null, KeyValuePair<string, string>[]? flags = null) =>
        SettingsReader.Read(Directory, file ?? [], environment ?? [], flags ?? []);

    private static IReadOnlyList<string> Errors(
        KeyValuePair<string, string>[]? file = null, KeyValuePair<string, string>[]? environment = null, KeyValuePair<string, string>[]? flags = null) =>
        Assert.Throws<InvalidOptionsException>(() => Read(file, environment, flags)).Errors;
}

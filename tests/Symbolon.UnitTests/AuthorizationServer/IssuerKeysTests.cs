using Symbolon.Core.Outbound;
using Symbolon.Testing.OAuth;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>Keys of foreign issuers that are fetched: OpenID Connect Discovery §4, RFC 8414 §3, RFC 7517 §5.</summary>
[Trait("area", "credentials")]
public sealed class IssuerKeysTests
{
    private const string Metadata = WorkloadRig.Cluster + "/.well-known/openid-configuration";
    private const string Keys = "https://keys.example.com/openid/v1/jwks";

    [Fact]
    public async Task Keys_are_found_by_the_metadata_of_the_issuer_and_kept_as_long_as_their_server_says()
    {
        await using var rig = await StartAsync(TimeSpan.FromMinutes(10));
        for (var i = 0; i < 3; i++) await TakenAsync(rig);
        Assert.Equal([Metadata, Keys], rig.Host.Web.Asked);
        await LaterAsync(rig, TimeSpan.FromMinutes(9));
        Assert.Equal(2, rig.Host.Web.Asked.Count);
        await LaterAsync(rig, TimeSpan.FromMinutes(1));
        Assert.Equal(4, rig.Host.Web.Asked.Count);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(999_999, 60)]
    public async Task They_are_kept_a_minute_at_least_and_an_hour_at_most(int maxAge, int minutes)
    {
        await using var rig = await StartAsync(TimeSpan.FromSeconds(maxAge));
        await TakenAsync(rig);
        await LaterAsync(rig, TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        Assert.Equal(2, rig.Host.Web.Asked.Count);
        await LaterAsync(rig, TimeSpan.FromSeconds(1));
        Assert.Equal(4, rig.Host.Web.Asked.Count);
    }

    [Fact]
    public async Task A_key_that_is_new_is_fetched_at_once_but_unknown_ones_once_a_minute_at_most()
    {
        await using var rig = await StartAsync(TimeSpan.FromHours(1));
        await TakenAsync(rig);
        using var next = new PlatformKey("key-2");
        // Within the minute of the first fetch nothing is asked again, whatever comes.
        for (var i = 0; i < 5; i++) await RefusedAsync(rig, rig.Changed("{}", next));
        Assert.Equal(2, rig.Host.Web.Asked.Count);
        rig.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        rig.Host.Web.Put(Keys, PlatformKey.SetOf(rig.Platform, next));
        Assert.Equal(200, (await rig.AskAsync(rig.Changed("{}", next))).Status);
        await TakenAsync(rig);
        Assert.Equal(4, rig.Host.Web.Asked.Count);
        for (var i = 0; i < 5; i++) await RefusedAsync(rig, rig.Changed("{}", header: """{"alg":"RS256","kid":"nobody"}"""));
        Assert.Equal(4, rig.Host.Web.Asked.Count);
    }

    [Fact]
    public async Task A_key_that_was_taken_out_is_dead_with_the_next_fetch()
    {
        await using var rig = await StartAsync(TimeSpan.FromMinutes(1));
        using var next = new PlatformKey("key-2");
        await TakenAsync(rig);
        rig.Host.Web.Put(Keys, next.Set);
        rig.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        await RefusedAsync(rig, rig.Token());
        Assert.Equal(200, (await rig.AskAsync(rig.Changed("{}", next))).Status);
    }

    [Fact]
    public async Task While_keys_cannot_be_had_the_old_ones_count_for_a_day_and_then_nobody_gets_in()
    {
        await using var rig = await StartAsync(TimeSpan.FromMinutes(10));
        await TakenAsync(rig);
        rig.Host.Web.Put(Keys, new FetchAnswer.Unreachable());
        await LaterAsync(rig, TimeSpan.FromHours(23));
        var asked = rig.Host.Web.Asked.Count;
        await TakenAsync(rig);
        Assert.Equal(asked, rig.Host.Web.Asked.Count);
        rig.Host.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal((503, "temporarily_unavailable"), await ToldAsync(rig));
        rig.Host.Web.Put(Keys, rig.Platform.Set);
        await LaterAsync(rig, TimeSpan.FromMinutes(1));
    }

    public static TheoryData<string, string> Broken => new()
    {
        { Metadata, """{"issuer":"https://evil.example.com","jwks_uri":"https://keys.example.com/openid/v1/jwks"}""" },
        { Metadata, """{"issuer":"https://kubernetes.default.svc.cluster.local/","jwks_uri":"https://keys.example.com/openid/v1/jwks"}""" },
        { Metadata, """{"jwks_uri":"https://keys.example.com/openid/v1/jwks"}""" }, { Metadata, """{"issuer":"https://kubernetes.default.svc.cluster.local"}""" },
        { Metadata, """{"issuer":"https://kubernetes.default.svc.cluster.local","jwks_uri":"http://127.0.0.1:7001/keys"}""" }, { Metadata, """{"issuer":"https://kubernetes.default.svc.cluster.local","jwks_uri":"file:///etc/keys"}""" },
        { Metadata, """{"issuer":"https://evil.example.com","issuer":"https://kubernetes.default.svc.cluster.local","jwks_uri":"https://keys.example.com/openid/v1/jwks"}""" },
        { Metadata, "<html>" }, { Metadata, "[]" }, { Metadata, "" }, { Keys, "<html>" }, { Keys, "{}" }, { Keys, """{"keys":{}}""" }, { Keys, """{"keys":[{"kty":"oct","k":"AA"}]}""" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    [Trait("hostile", "assertion")]
    public async Task Metadata_of_another_issuer_a_page_and_a_set_with_a_secret_give_no_keys(string address, string body)
    {
        await using var rig = await StartAsync(TimeSpan.FromMinutes(10));
        rig.Host.Web.Put(address, body);
        Assert.Equal((503, "temporarily_unavailable"), await ToldAsync(rig));
        Assert.DoesNotContain(rig.Host.Web.Asked, each => each.StartsWith("http://", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_that_were_never_there_are_asked_for_again_after_seconds_and_not_with_every_request()
    {
        await using var rig = await StartAsync(TimeSpan.FromMinutes(10));
        rig.Host.Web.Put(Metadata, new FetchAnswer.Unreachable());
        for (var i = 0; i < 5; i++) Assert.Equal((503, "temporarily_unavailable"), await ToldAsync(rig));
        Assert.Single(rig.Host.Web.Asked);
        rig.Host.Web.Put(Metadata, Discovery());
        await LaterAsync(rig, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Many_at_once_wait_for_one_fetch()
    {
        await using var rig = await StartAsync(TimeSpan.FromMinutes(10));
        var gate = new TaskCompletionSource();
        rig.Host.Web.Meanwhile = () => gate.Task;
        var asked = Enumerable.Range(0, 20).Select(_ => rig.AskAsync(rig.Token())).ToList();
        gate.SetResult();
        Assert.All(await Task.WhenAll(asked), answer => Assert.Equal(200, answer.Status));
        Assert.Equal([Metadata, Keys], rig.Host.Web.Asked);
    }

    [Fact]
    public async Task An_address_in_the_file_is_asked_without_metadata_and_a_changed_one_anew()
    {
        await using var rig = await StartAsync(TimeSpan.FromHours(1));
        rig.Host.Apply(rig.IssuerOf(fetched: true) with { KeysUri = Keys });
        await TakenAsync(rig);
        Assert.Equal([Keys], rig.Host.Web.Asked);
        using var next = new PlatformKey();
        rig.Host.Web.Put("https://other.example.com/keys", next.Set);
        rig.Host.Apply(rig.IssuerOf(fetched: true) with { KeysUri = "https://other.example.com/keys" });
        await RefusedAsync(rig, rig.Token());
        Assert.Equal(200, (await rig.AskAsync(rig.Changed("{}", next))).Status);
    }

    [Fact]
    public async Task A_slash_at_the_end_of_an_issuer_is_not_doubled()
    {
        await using var rig = await StartAsync(TimeSpan.FromHours(1));
        rig.Host.Apply(rig.IssuerOf(issuer: "https://tenant.example.com/", fetched: true));
        rig.Host.Web.Put("https://tenant.example.com/.well-known/openid-configuration", $$"""{"issuer":"https://tenant.example.com/","jwks_uri":"{{Keys}}"}""");
        Assert.Equal(200, (await rig.AskAsync(rig.Changed("""{"iss":"https://tenant.example.com/"}"""))).Status);
    }

    private static async Task<WorkloadRig> StartAsync(TimeSpan maxAge)
    {
        var rig = await WorkloadRig.StartAsync();
        rig.Host.Apply(rig.IssuerOf(fetched: true));
        rig.Host.Web.Put(Metadata, Discovery());
        rig.Host.Web.Put(Keys, rig.Platform.Set, maxAge);
        return rig;
    }

    private static string Discovery() => $$"""{"issuer":"{{WorkloadRig.Cluster}}","jwks_uri":"{{Keys}}","response_types_supported":["id_token"],"id_token_signing_alg_values_supported":["RS256"]}""";

    private static async Task TakenAsync(WorkloadRig rig)
    {
        var answer = await rig.AskAsync(rig.Token());
        Assert.True(answer.Status == 200, answer.Text);
    }

    private static async Task LaterAsync(WorkloadRig rig, TimeSpan later)
    {
        rig.Host.Clock.Advance(later);
        await TakenAsync(rig);
    }

    private static async Task RefusedAsync(WorkloadRig rig, string token) => Assert.Equal("invalid_grant", (await rig.AskAsync(token)).Json.GetProperty("error").GetString());

    private static async Task<(int, string?)> ToldAsync(WorkloadRig rig)
    {
        var answer = await rig.AskAsync(rig.Token());
        return (answer.Status, answer.Json.GetProperty("error").GetString());
    }
}

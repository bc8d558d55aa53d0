using System.Text.Json;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Registry.Credentials;
using Symbolon.Testing.OAuth;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>How an instance of a server gets to be known by its key. DESIGN.md section 4, Identities on the way.</summary>
[Trait("area", "credentials")]
public sealed class EnrolmentTests
{
    [Fact]
    public async Task A_code_and_a_proved_key_make_an_instance_that_gets_tokens()
    {
        await using var rig = await ServerRig.StartAsync(enrols: false);
        var answer = await rig.EnrolAsync(await rig.CodeAsync(), rig.Key, "blue");
        Assert.True(answer.Status == 201, answer.Text);
        Assert.Equal(
            ("server:deploy", "blue", rig.Key.Thumbprint.ToString(), OAuthHost.Issuer, ServerRig.Api, 3600L, rig.Host.Now),
            (Text("client_id"), Text("instance"), Text("key"), Text("issuer"), Text("audience"), answer.Json.GetProperty("expires_in").GetInt64(), answer.Json.GetProperty("enrolled_at").GetInt64()));
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.Equal(200, (await rig.AskAsync(null)).Status);
        var record = Assert.Single(rig.Host.Store.Committed, record => record.Kind == AuditKind.Enrolment);
        Assert.Equal(("server:deploy", "deploy", true), (record.By, record.Server, record.Allowed));
        Assert.Contains(rig.Key.Thumbprint.ToString(), record.Action, StringComparison.Ordinal);

        string Text(string name) => answer.Json.GetProperty(name).GetString()!;
    }

    [Fact]
    public async Task The_same_code_and_key_again_get_the_same_answer_as_long_as_the_code_lives()
    {
        await using var rig = await ServerRig.StartAsync(enrols: false);
        var code = await rig.CodeAsync();
        var first = await rig.EnrolAsync(code, rig.Key);
        rig.Host.Clock.Advance(TimeSpan.FromMinutes(14));
        var second = await rig.EnrolAsync(code, rig.Key);
        Assert.Equal((201, first.Text), (second.Status, second.Text));
        Assert.Single(rig.Host.Configuration.ServerKeys(OrganisationId.Default, ServerRig.Deploy)!.Instances);
        rig.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        await RefusedAsync(rig.EnrolAsync(code, rig.Key), "invalid_grant", "older than 15 minutes");
        Assert.Equal(200, (await rig.AskAsync(null)).Status);
    }

    [Fact]
    public async Task Two_keys_with_one_code_are_both_refused_and_the_owner_is_told()
    {
        await using var rig = await ServerRig.StartAsync(enrols: false);
        using var thief = new ProofKey();
        var code = await rig.CodeAsync();
        Assert.Equal(201, (await rig.EnrolAsync(code, rig.Key)).Status);
        await RefusedAsync(rig.EnrolAsync(code, thief), "invalid_grant", "Two keys came with this code");
        await RefusedAsync(rig.EnrolAsync(code, rig.Key), "invalid_grant", "Two keys came with this code");
        Assert.Equal(401, (await rig.AskAsync(rig.Key)).Status);
        Assert.Equal(401, (await rig.AskAsync(thief)).Status);
        Assert.Empty(rig.Host.Configuration.ServerKeys(OrganisationId.Default, ServerRig.Deploy)!.Instances);
        Assert.NotNull(rig.Host.Configuration.Epochs.Find(OrganisationId.Default, RevocationLevel.Key, rig.Key.Thumbprint.ToString()));
        var news = Assert.Single(rig.Host.Store.Announced, each => each.Type == "enrolment.contested");
        using var body = JsonDocument.Parse(news.Body);
        Assert.Equal(("deploy", "owner@example.com", rig.Key.Thumbprint.ToString(), thief.Thumbprint.ToString()),
            (news.Server, body.RootElement.GetProperty("owner").GetString(), body.RootElement.GetProperty("revokedKey").GetString(), body.RootElement.GetProperty("refusedKey").GetString()));
        var record = rig.Host.Store.Committed.Last();
        Assert.Equal((AuditKind.Enrolment, false), (record.Kind, record.Allowed));
        // Whoever comes after them changes nothing, and is counted.
        using var third = new ProofKey();
        await RefusedAsync(rig.EnrolAsync(code, third), "invalid_grant", "Two keys");
        Assert.Single(rig.Host.Store.Announced);
    }

    [Fact]
    public async Task A_hundred_claims_of_one_code_at_once_leave_at_most_one_key()
    {
        await using var rig = await ServerRig.StartAsync(enrols: false);
        var code = await rig.CodeAsync();
        var keys = Enumerable.Range(0, 100).Select(_ => new ProofKey()).ToList();
        var answers = await Task.WhenAll(keys.Select(key => Task.Run(() => rig.EnrolAsync(code, key))));
        Assert.InRange(answers.Count(answer => answer.Status == 201), 0, 1);
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.Equal(400, answer.Status));
        Assert.Empty(rig.Host.Configuration.ServerKeys(OrganisationId.Default, ServerRig.Deploy)!.Instances);
        foreach (var key in keys) key.Dispose();
    }

    [Theory]
    [InlineData("sym_enr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA0eZHFw", "invalid_grant")]
    [InlineData("sym_enr_short", "invalid_grant")]
    [InlineData("x", "invalid_grant")]
    [InlineData("ä", "invalid_grant")]
    [InlineData(null, "invalid_request")]
    public async Task A_code_that_nobody_gave_is_refused_and_counted(string? code, string error)
    {
        await using var rig = await ServerRig.StartAsync(enrols: false);
        await RefusedAsync(rig.EnrolAsync(code!, rig.Key), error, "");
        Assert.Single(rig.Host.Refusals.Recorded);
        Assert.DoesNotContain(rig.Host.Store.Committed, record => record.Kind == AuditKind.Enrolment);
    }

    [Fact]
    public async Task A_key_that_serves_another_is_refused_with_a_record()
    {
        await using var rig = await ServerRig.StartAsync();
        rig.Host.Apply(ServerRig.ServerOf() with { Name = new ServerName("other") });
        await RefusedAsync(rig.EnrolAsync(await rig.CodeAsync(server: new ServerName("other")), rig.Key), "invalid_grant", "This key already serves another");
        Assert.Contains(rig.Host.Audit.Appended, record => record.Kind == AuditKind.Enrolment && record.Server == "other" && record.Allowed == false);
        // Also the key of an agent, and one that was revoked before.
        using var agents = new ProofKey();
        rig.Host.Apply(new AgentObject { Name = new AgentName("keyed"), Owner = "o@example.com", Keys = [agents.Jwk] });
        await RefusedAsync(rig.EnrolAsync(await rig.CodeAsync(), agents), "invalid_grant", "This key already serves another");
        using var lost = new ProofKey();
        rig.Host.Raise(RevocationLevel.Key, lost.Thumbprint.ToString());
        await RefusedAsync(rig.EnrolAsync(await rig.CodeAsync(), lost), "invalid_grant", "This key already serves another");
    }

    [Fact]
    public async Task A_key_is_enrolled_once_and_never_again_after_it_was_revoked()
    {
        await using var rig = await ServerRig.StartAsync();
        Assert.IsType<Result<ServerInstance>.Done>(await rig.Host.Get<EnrolmentDesk>().RevokeAsync(ServerRig.Admin, ServerRig.Deploy, rig.Key.Thumbprint.ToString(), "lost", CancellationToken.None));
        Assert.Equal(401, (await rig.AskAsync(null)).Status);
        await RefusedAsync(rig.EnrolAsync(await rig.CodeAsync(), rig.Key), "invalid_grant", "This key already serves another");
        using var fresh = new ProofKey();
        Assert.Equal(201, (await rig.EnrolAsync(await rig.CodeAsync(), fresh)).Status);
        Assert.Equal(200, (await rig.AskAsync(fresh)).Status);
    }

    [Fact]
    public async Task Each_instance_is_revoked_alone()
    {
        await using var rig = await ServerRig.StartAsync();
        using var second = new ProofKey();
        Assert.Equal(201, (await rig.EnrolAsync(await rig.CodeAsync("green"), second)).Status);
        Assert.IsType<Result<ServerInstance>.Done>(await rig.Host.Get<EnrolmentDesk>().RevokeAsync(ServerRig.Admin, ServerRig.Deploy, second.Thumbprint.ToString(), null, CancellationToken.None));
        Assert.Equal((200, 401), ((await rig.AskAsync(null)).Status, (await rig.AskAsync(second)).Status));
    }

    [Fact]
    public async Task A_code_for_an_instance_replaces_its_key_and_no_other_code_can()
    {
        await using var rig = await ServerRig.StartAsync(enrols: false);
        using var next = new ProofKey();
        Assert.Equal(201, (await rig.EnrolAsync(await rig.CodeAsync("blue"), rig.Key)).Status);
        await RefusedAsync(rig.EnrolAsync(await rig.CodeAsync(), next, "blue"), "invalid_grant", "There is an instance of this name");
        await RefusedAsync(rig.EnrolAsync(await rig.CodeAsync("blue"), next, "green"), "invalid_grant", "of another name");
        Assert.Equal(201, (await rig.EnrolAsync(await rig.CodeAsync("blue"), next)).Status);
        Assert.Equal((401, 200), ((await rig.AskAsync(rig.Key)).Status, (await rig.AskAsync(next)).Status));
        var keys = rig.Host.Configuration.ServerKeys(OrganisationId.Default, ServerRig.Deploy)!;
        Assert.Equal([true, false], keys.Instances.Select(each => each.ReplacedAt is not null));
    }

    [Fact]
    public async Task Without_a_proof_with_a_used_one_and_with_one_for_another_address_nothing_is_enrolled()
    {
        await using var rig = await ServerRig.StartAsync(enrols: false);
        var code = await rig.CodeAsync();
        await RefusedAsync(rig.EnrolAsync(code, rig.Key, proof: "x"), "invalid_dpop_proof", "");
        await RefusedAsync(rig.EnrolAsync(code, rig.Key, proof: rig.Key.Proof("POST", OAuthHost.Issuer + "/oauth/token", rig.Host.Now)), "invalid_dpop_proof", "htu");
        await RefusedAsync(rig.EnrolAsync(code, rig.Key, proof: rig.Key.Proof("POST", OAuthHost.Issuer + "/oauth/enroll", rig.Host.Now - 90)), "use_dpop_nonce", "nonce");
        var proof = rig.Key.Proof("POST", OAuthHost.Issuer + "/oauth/enroll", rig.Host.Now);
        Assert.Equal(201, (await rig.EnrolAsync(code, rig.Key, proof: proof)).Status);
        await RefusedAsync(rig.EnrolAsync(code, rig.Key, proof: proof), "invalid_dpop_proof", "used before");
        Assert.Single(rig.Host.Configuration.ServerKeys(OrganisationId.Default, ServerRig.Deploy)!.Instances);
    }

    [Theory]
    [InlineData("Blue")]
    [InlineData("a b")]
    [InlineData("../x")]
    public async Task An_instance_whose_name_is_none_is_refused_by_the_rule(string name)
    {
        await using var rig = await ServerRig.StartAsync(enrols: false);
        await RefusedAsync(rig.EnrolAsync(await rig.CodeAsync(), rig.Key, name), "invalid_request", "instance must be");
    }

    [Fact]
    public async Task Only_an_active_server_in_mode_exchange_has_codes_and_what_stops_takes_none()
    {
        await using var rig = await ServerRig.StartAsync(enrols: false);
        var desk = rig.Host.Get<EnrolmentDesk>();
        Assert.Equal("wrong_mode", Why(await desk.CreateAsync(ServerRig.Admin, new ServerName("shop"), null, null, CancellationToken.None)));
        Assert.Equal("not_found", Why(await desk.CreateAsync(ServerRig.Admin, new ServerName("none"), null, null, CancellationToken.None)));
        Assert.Equal("invalid", Why(await desk.CreateAsync(ServerRig.Admin, ServerRig.Deploy, "No", null, CancellationToken.None)));
        var code = await rig.CodeAsync();
        rig.Put(ServerRig.ServerOf(Lifecycle.Suspended));
        Assert.Equal("wrong_state", Why(await desk.CreateAsync(ServerRig.Admin, ServerRig.Deploy, null, null, CancellationToken.None)));
        await RefusedAsync(rig.EnrolAsync(code, rig.Key), "invalid_grant", "not active");
        rig.Put(ServerRig.ServerOf());
        for (var i = 0; i < 19; i++) await rig.CodeAsync();
        Assert.Equal("too_many_codes", Why(await desk.CreateAsync(ServerRig.Admin, ServerRig.Deploy, null, null, CancellationToken.None)));
        rig.Host.Clock.Advance(TimeSpan.FromMinutes(15));
        await rig.CodeAsync();
        Assert.Single(rig.Host.Configuration.ServerKeys(OrganisationId.Default, ServerRig.Deploy)!.Codes);
    }

    [Fact]
    public async Task While_the_store_is_broken_nobody_is_enrolled_and_the_code_stays_good()
    {
        await using var rig = await ServerRig.StartAsync(enrols: false);
        var code = await rig.CodeAsync();
        rig.Host.Store.IsBroken = true;
        Assert.Equal(503, (await rig.EnrolAsync(code, rig.Key)).Status);
        rig.Host.Store.IsBroken = false;
        Assert.Equal(201, (await rig.EnrolAsync(code, rig.Key)).Status);
    }

    private static string Why(Result<NewEnrolment> result) => Assert.IsType<Result<NewEnrolment>.Refused>(result).Why.Code;

    private static async Task RefusedAsync(Task<Admin.Answer> asked, string error, string words)
    {
        var answer = await asked;
        Assert.Equal((400, error), (answer.Status, answer.Json.GetProperty("error").GetString()));
        Assert.Contains(words, answer.Json.GetProperty("error_description").GetString(), StringComparison.Ordinal);
    }
}

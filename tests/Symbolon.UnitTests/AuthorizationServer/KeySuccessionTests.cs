using Symbolon.AuthorizationServer.Revocation;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Credentials;
using Symbolon.Testing.OAuth;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>How an instance of a server replaces its key, and when it has to. DESIGN.md section 4, Files: <c>rotation</c>.</summary>
[Trait("area", "credentials")]
public sealed class KeySuccessionTests
{
    [Fact]
    public async Task A_key_vouches_for_the_next_one_and_gets_tokens_for_five_minutes_more()
    {
        await using var rig = await OldEnoughAsync();
        using var next = new ProofKey();
        var answer = await rig.RotateAsync(rig.Key, next);
        Assert.True(answer.Status == 201, answer.Text);
        Assert.Equal(("server:deploy", next.Thumbprint.ToString()), (answer.Json.GetProperty("client_id").GetString(), answer.Json.GetProperty("key").GetString()));
        Assert.Equal(200, (await rig.AskAsync(rig.Key)).Status);
        Assert.Equal(200, (await rig.AskAsync(next)).Status);
        rig.Host.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(401, (await rig.AskAsync(rig.Key)).Status);
        Assert.Equal(200, (await rig.AskAsync(next)).Status);
        var instances = Keys(rig).Instances;
        Assert.Equal(instances[0].Name, instances[1].Name);
        Assert.Equal((rig.Key.Thumbprint.ToString(), "server:deploy"), (instances[1].Predecessor, instances[1].EnrolledBy));
        var record = rig.Host.Store.Committed.Last(each => each.Kind == AuditKind.Enrolment);
        Assert.Equal((true, $"put the key {next.Thumbprint} in the place of {rig.Key.Thumbprint}"), (record.Allowed, record.Action));
    }

    [Fact]
    public async Task The_same_two_keys_again_get_the_same_answer_and_the_new_one_may_ask_for_itself_later()
    {
        await using var rig = await OldEnoughAsync();
        using var next = new ProofKey();
        var first = await rig.RotateAsync(rig.Key, next);
        Assert.Equal(first.Text, (await rig.RotateAsync(rig.Key, next)).Text);
        rig.Host.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(first.Text, (await rig.RotateAsync(rig.Key, next)).Text);
        Assert.Equal(401, (await rig.AskAsync(rig.Key)).Status);
        Assert.Equal(first.Text, (await rig.RotateAsync(next, next)).Text);
    }

    [Fact]
    public async Task A_second_key_by_the_word_of_the_same_one_ends_all_of_them_and_the_owner_is_told()
    {
        await using var rig = await OldEnoughAsync();
        using var thief = new ProofKey();
        using var third = new ProofKey();
        using var next = new ProofKey();
        Assert.Equal(201, (await rig.RotateAsync(rig.Key, thief)).Status);
        rig.Host.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(201, (await rig.RotateAsync(thief, third)).Status);
        var refused = await rig.RotateAsync(rig.Key, next);
        Assert.Equal((400, "invalid_grant"), (refused.Status, refused.Json.GetProperty("error").GetString()));
        foreach (var key in (ProofKey[])[rig.Key, thief, third, next]) Assert.Equal(401, (await rig.AskAsync(key)).Status);
        Assert.Empty(Keys(rig).Instances);
        foreach (var key in (ProofKey[])[rig.Key, thief, third]) Assert.NotNull(rig.Host.Configuration.Epochs.Find(OrganisationId.Default, RevocationLevel.Key, key.Thumbprint.ToString()));
        Assert.Single(rig.Host.Store.Announced, each => each.Type == "enrolment.contested");
    }

    [Fact]
    public async Task A_key_that_was_stolen_and_used_an_hour_before_its_server_comes_with_it_is_noticed()
    {
        await using var rig = await OldEnoughAsync();
        using var thief = new ProofKey();
        using var next = new ProofKey();
        Assert.Equal(201, (await rig.RotateAsync(rig.Key, thief)).Status);
        rig.Host.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(401, (await rig.AskAsync(rig.Key)).Status);
        // Its word for itself gives it nothing.
        Assert.Equal("invalid_grant", (await rig.RotateAsync(rig.Key, rig.Key)).Json.GetProperty("error").GetString());
        Assert.Contains("the owner was told", (await rig.RotateAsync(rig.Key, next)).Text, StringComparison.Ordinal);
        foreach (var key in (ProofKey[])[rig.Key, thief, next]) Assert.Equal(401, (await rig.AskAsync(key)).Status);
        Assert.Single(rig.Host.Store.Announced, each => each.Type == "enrolment.contested");
    }

    [Fact]
    public async Task A_key_on_whose_word_nothing_stands_any_more_raises_no_alarm()
    {
        await using var rig = await OldEnoughAsync();
        using var next = new ProofKey();
        using var fresh = new ProofKey();
        Assert.Equal(201, (await rig.RotateAsync(rig.Key, next)).Status);
        Assert.Equal(201, (await rig.EnrolAsync(await rig.CodeAsync(Keys(rig).Instances[0].Name), fresh)).Status);
        using var late = new ProofKey();
        Assert.Equal(401, (await rig.RotateAsync(rig.Key, late)).Status);
        Assert.Equal(200, (await rig.AskAsync(fresh)).Status);
        Assert.Empty(rig.Host.Store.Announced);
    }

    [Fact]
    public async Task Whoever_revokes_a_key_revokes_those_that_it_vouched_for()
    {
        await using var rig = await OldEnoughAsync();
        using var next = new ProofKey();
        await rig.RotateAsync(rig.Key, next);
        Assert.IsType<Result<ServerInstance>.Done>(await rig.Host.Get<EnrolmentDesk>().RevokeAsync(ServerRig.Admin, ServerRig.Deploy, rig.Key.Thumbprint.ToString(), null, CancellationToken.None));
        Assert.Equal(401, (await rig.AskAsync(next)).Status);
    }

    [Fact]
    public async Task A_stolen_code_takes_what_its_key_has_vouched_for_with_it()
    {
        await using var rig = await ServerRig.StartAsync(enrols: false);
        using var thief = new ProofKey();
        using var next = new ProofKey();
        var code = await rig.CodeAsync();
        await rig.EnrolAsync(code, thief);
        rig.Host.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(201, (await rig.RotateAsync(thief, next)).Status);
        Assert.Equal(400, (await rig.EnrolAsync(code, rig.Key)).Status);
        Assert.Equal(401, (await rig.AskAsync(next)).Status);
    }

    [Fact]
    public async Task A_code_that_two_keys_came_with_gives_back_the_key_that_it_had_replaced()
    {
        await using var rig = await OldEnoughAsync();
        using var thief = new ProofKey();
        using var other = new ProofKey();
        var code = await rig.CodeAsync(Keys(rig).Instances[0].Name);
        Assert.Equal(201, (await rig.EnrolAsync(code, thief)).Status);
        Assert.Equal(400, (await rig.EnrolAsync(code, other)).Status);
        rig.Host.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(200, (await rig.AskAsync(rig.Key)).Status);
    }

    [Fact]
    public async Task A_code_that_replaces_a_key_ends_those_before_it_at_once()
    {
        await using var rig = await OldEnoughAsync();
        using var next = new ProofKey();
        using var fresh = new ProofKey();
        Assert.Equal(201, (await rig.RotateAsync(rig.Key, next)).Status);
        Assert.Equal(201, (await rig.EnrolAsync(await rig.CodeAsync(Keys(rig).Instances[0].Name), fresh)).Status);
        foreach (var key in (ProofKey[])[rig.Key, next]) Assert.Equal(401, (await rig.AskAsync(key)).Status);
        Assert.Equal(200, (await rig.AskAsync(fresh)).Status);
    }

    [Fact]
    public async Task A_key_that_is_replaced_every_few_seconds_makes_no_list_without_end()
    {
        await using var rig = await OldEnoughAsync();
        var keys = Keys(rig);
        var first = keys.Instances[0];
        // As if it had done so for an hour, up to five minutes ago.
        var before = Enumerable.Range(0, ServerKeysObject.MostKept - 1).Select(at => first with
        {
            Thumbprint = $"old-{at}", Predecessor = at == 0 ? null : $"old-{at - 1}", ReplacedAt = first.EnrolledAt - ServerKeysObject.Overlap,
        });
        keys = keys with { Instances = [.. before, first with { Predecessor = $"old-{ServerKeysObject.MostKept - 2}" }] };
        var version = (await rig.Host.Store.FindObjectAsync(OrganisationId.Default, keys.Key, CancellationToken.None))!.Value.Version;
        await rig.Host.Store.CommitAsync(OrganisationId.Default, [new Change.PutObject(keys.Key, version, keys)], [rig.Host.Get<EnrolmentRecords>().Of(OrganisationId.Default, ServerRig.Deploy, peer: null, "as if", isAllowed: true)], CancellationToken.None);
        using var next = new ProofKey();
        Assert.Equal(201, (await rig.RotateAsync(rig.Key, next)).Status);
        // Those that may still get tokens are there, and the rest is gone.
        Assert.Equal([rig.Key.Thumbprint.ToString(), next.Thumbprint.ToString()], Keys(rig).Instances.Select(each => each.Thumbprint));
        Assert.Equal(200, (await rig.AskAsync(rig.Key)).Status);
        Assert.Equal(200, (await rig.AskAsync(next)).Status);
    }

    [Fact]
    public async Task What_is_used_once_cannot_be_used_for_another_key()
    {
        await using var rig = await OldEnoughAsync();
        using var next = new ProofKey();
        var assertion = rig.Voucher(rig.Key, next);
        Assert.Equal(201, (await rig.RotateAsync(rig.Key, next, assertion)).Status);
        var again = await rig.RotateAsync(rig.Key, next, assertion);
        Assert.Equal(400, again.Status);
        // No proof, a proof for another address, an agent's key, and a key that serves already.
        Assert.Equal(400, (await rig.RotateAsync(rig.Key, null)).Status);
        Assert.Equal(400, (await rig.RotateAsync(rig.Key, next, proof: next.Proof("POST", OAuthHost.Issuer + "/oauth/enroll", rig.Host.Now))).Status);
        using var agents = new ProofKey();
        rig.Host.Apply(new AgentObject { Name = new AgentName("keyed"), Owner = "o@example.com", Keys = [agents.Jwk] });
        rig.Host.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("invalid_grant", (await rig.RotateAsync(next, agents)).Json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task An_assertion_that_somebody_has_seen_puts_no_key_in_the_place_of_the_one_that_signed_it()
    {
        await using var rig = await OldEnoughAsync();
        using var next = new ProofKey();
        using var thief = new ProofKey();
        foreach (var seen in new[] { rig.Key.Assert(rig.Host.Claims("server:deploy")), rig.Voucher(rig.Key, next), rig.Voucher(rig.Key, rig.Key) })
        {
            var refused = await rig.RotateAsync(rig.Key, thief, seen);
            Assert.Equal((400, "invalid_grant"), (refused.Status, refused.Json.GetProperty("error").GetString()));
        }
        Assert.Equal(rig.Key.Thumbprint.ToString(), Assert.Single(Keys(rig).Instances).Thumbprint);
        Assert.Equal(200, (await rig.AskAsync(rig.Key)).Status);
    }

    [Fact]
    public async Task A_key_that_has_vouched_for_another_is_not_revoked_alone_and_those_of_one_that_is_gone_are_found()
    {
        await using var rig = await OldEnoughAsync();
        using var next = new ProofKey();
        await rig.RotateAsync(rig.Key, next);
        var first = rig.Key.Thumbprint.ToString();
        var alone = await rig.Host.Get<RevocationTargets>().FindAsync(OrganisationId.Default, new RevocationOrder(RevocationLevel.Key, first, Reason: null), CancellationToken.None);
        Assert.Contains($"symbolon server keys deploy --revoke {first}", Assert.IsType<Result<RevocationTarget>.Refused>(alone).Why.Message, StringComparison.Ordinal);

        // By then it stands in no list.
        rig.Host.Clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(200, (await rig.AskAsync(next)).Status);
        Assert.IsType<Result<ServerInstance>.Done>(await rig.Host.Get<EnrolmentDesk>().RevokeAsync(ServerRig.Admin, ServerRig.Deploy, first, null, CancellationToken.None));
        Assert.Equal(401, (await rig.AskAsync(next)).Status);
    }

    [Fact]
    public async Task A_key_past_its_age_gets_no_token_and_still_vouches_for_the_next_one()
    {
        await using var rig = await OldEnoughAsync();
        using var next = new ProofKey();
        rig.Put(Rotating(86_400));
        var told = (await rig.AskAsync(rig.Key)).Json;
        Assert.InRange(told.GetProperty("key_expires_in").GetInt64(), 86_000, 86_400);
        Assert.False(told.TryGetProperty("replace_key", out _));
        rig.Host.Clock.Advance(TimeSpan.FromDays(1));
        var refused = await rig.AskAsync(rig.Key);
        Assert.Equal((401, "invalid_client"), (refused.Status, refused.Json.GetProperty("error").GetString()));
        Assert.Contains("older than it may get", refused.Text, StringComparison.Ordinal);
        Assert.Equal(201, (await rig.RotateAsync(rig.Key, next)).Status);
        Assert.Equal(200, (await rig.AskAsync(next)).Status);
    }

    [Fact]
    public async Task An_administrator_orders_new_keys_and_the_instances_hear_of_it_with_their_next_token()
    {
        await using var rig = await OldEnoughAsync();
        Assert.False((await rig.AskAsync(rig.Key)).Json.TryGetProperty("key_expires_in", out _));
        var ordered = await rig.Host.Get<EnrolmentDesk>().RotateAsync(ServerRig.Admin, ServerRig.Deploy, null, null, CancellationToken.None);
        Assert.Single(Assert.IsType<Result<System.Collections.Immutable.ImmutableArray<ServerInstance>>.Done>(ordered).Value);
        var told = (await rig.AskAsync(rig.Key)).Json;
        Assert.InRange(told.GetProperty("key_expires_in").GetInt64(), 3590, 3600);
        Assert.True(told.GetProperty("replace_key").GetBoolean());
        rig.Host.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(401, (await rig.AskAsync(rig.Key)).Status);
    }

    [Theory]
    [InlineData("90d", 90 * 86_400L)]
    [InlineData("90d label:env=prod=30d", 30 * 86_400L)]
    [InlineData("label:env=dev=1h", null)]
    [InlineData("label:env=prod=30d effect:irreversible=7d effect:read=60d", 7 * 86_400L)]
    public void The_shortest_age_counts(string rules, long? seconds)
    {
        var manifest = ServerRig.ServerOf().Approved!.Manifest;
        manifest = manifest with { Labels = manifest.Labels.Add("env", "prod"), Tools = [.. manifest.Tools, new ManifestTool { Name = new ToolName("wipe"), Effect = Core.Tools.Effect.Irreversible }] };
        Assert.Equal(seconds, KeyAgeRules.Parse(rules.Split(' ')).SecondsOf(manifest));
        Assert.Equal(86_400, KeyAgeRules.Parse(rules.Split(' ')).SecondsOf(manifest with { Credential = ((UpstreamCredential.Exchange)manifest.Credential) with { RotationSeconds = 86_400 } }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("59m")]
    [InlineData("366d")]
    [InlineData("effect:all=1d")]
    [InlineData("label:env=1d")]
    [InlineData("label:=x=1d")]
    [InlineData("tool:x=1d")]
    public void A_rule_in_another_form_is_refused(string rule) => Assert.Throws<FormatException>(() => KeyAgeRules.Parse([rule]));

    private static ServerKeysObject Keys(ServerRig rig) => rig.Host.Configuration.ServerKeys(OrganisationId.Default, ServerRig.Deploy)!;

    private static ServerObject Rotating(long seconds)
    {
        var server = ServerRig.ServerOf();
        var manifest = server.Approved!.Manifest;
        return server with { Approved = server.Approved with { Manifest = manifest with { Credential = ((UpstreamCredential.Exchange)manifest.Credential) with { RotationSeconds = seconds } } } };
    }

    private static async Task<ServerRig> OldEnoughAsync()
    {
        var rig = await ServerRig.StartAsync();
        rig.Host.Clock.Advance(TimeSpan.FromSeconds(5));
        return rig;
    }
}

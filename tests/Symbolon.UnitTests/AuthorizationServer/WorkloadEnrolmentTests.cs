using System.Text.Json.Nodes;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Testing.OAuth;
using Symbolon.UnitTests.Admin;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>Instances of a server that enrol by the token of their platform in place of a code.</summary>
[Trait("area", "credentials")]
public sealed class WorkloadEnrolmentTests : IAsyncLifetime
{
    private const string Subject = "system:serviceaccount:servers:deploy";

    private readonly PlatformKey platform = new();
    private ServerRig rig = null!;

    public async ValueTask InitializeAsync()
    {
        rig = await ServerRig.StartAsync(enrols: false);
        rig.Host.Apply(new IssuerObject { Name = new IssuerName("cluster"), Issuer = WorkloadRig.Cluster, Audience = OAuthHost.Issuer, Subjects = [new("system:serviceaccount:*")], Keys = [platform.Jwk] });
        rig.Put(Federated(Subject));
    }

    public async ValueTask DisposeAsync()
    {
        await rig.DisposeAsync();
        platform.Dispose();
    }

    [Fact]
    public async Task The_token_of_its_platform_and_a_proved_key_make_an_instance_that_gets_tokens_for_an_hour()
    {
        var answer = await EnrolAsync(rig.Key, ("instance", "deploy-0"));
        Assert.True(answer.Status == 201, answer.Text);
        Assert.Equal(("server:deploy", "deploy-0", rig.Key.Thumbprint.ToString(), ServerRig.Api, rig.Host.Now + 3600), (
            Text("client_id"), Text("instance"), Text("key"), Text("audience"), answer.Json.GetProperty("until").GetInt64()));
        Assert.Equal(200, (await rig.AskAsync(null)).Status);
        var record = Assert.Single(rig.Host.Store.Committed, record => record.Kind == AuditKind.Enrolment);
        Assert.Equal(("server:deploy", "deploy", true, $"as {Subject} of issuer cluster"), (record.By, record.Server, record.Allowed, record.Reason));
        Assert.Equal($"issuer cluster: {Subject}", Instances().Single().EnrolledBy);
        rig.Host.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(200, (await rig.AskAsync(null)).Status);
        rig.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(401, (await rig.AskAsync(null)).Status);

        string Text(string name) => answer.Json.GetProperty(name).GetString()!;
    }

    [Fact]
    public async Task The_same_key_again_counts_on_under_its_name()
    {
        var first = await EnrolAsync(rig.Key);
        rig.Host.Clock.Advance(TimeSpan.FromMinutes(50));
        var second = await EnrolAsync(rig.Key);
        Assert.Equal((201, first.Json.GetProperty("instance").GetString()), (second.Status, second.Json.GetProperty("instance").GetString()));
        Assert.Equal(rig.Host.Now + 3600, second.Json.GetProperty("until").GetInt64());
        rig.Host.Clock.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(200, (await rig.AskAsync(null)).Status);
        Assert.Single(Instances());
        // One that has run out may come back as long as it is in the list.
        rig.Host.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(401, (await rig.AskAsync(null)).Status);
        Assert.Equal(201, (await EnrolAsync(rig.Key)).Status);
        Assert.Equal(200, (await rig.AskAsync(null)).Status);
        rig.Host.Clock.Advance(TimeSpan.FromHours(6));
        await RefusedAsync(EnrolAsync(rig.Key), "already serves another, or did once");
    }

    [Fact]
    public async Task A_longer_credential_lets_the_key_count_as_long()
    {
        rig.Put(Federated(4 * 3600, Subject));
        Assert.Equal(rig.Host.Now + (4 * 3600), (await EnrolAsync(rig.Key)).Json.GetProperty("until").GetInt64());
    }

    [Fact]
    public async Task An_instance_that_starts_anew_takes_the_place_of_its_old_key_and_no_other_does()
    {
        using var next = new ProofKey();
        await EnrolAsync(rig.Key, ("instance", "deploy-0"));
        Assert.Equal(201, (await EnrolAsync(next, ("instance", "deploy-0"))).Status);
        Assert.Equal((401, 200), ((await rig.AskAsync(rig.Key)).Status, (await rig.AskAsync(next)).Status));
        await RefusedAsync(EnrolAsync(rig.Key, ("instance", "deploy-0")), "already serves another");
        using var other = new ProofKey();
        rig.Put(Federated(Subject, Subject + "-2"));
        await RefusedAsync(EnrolAsync(other, ("instance", "deploy-0"), ("assertion", Token(Subject + "-2"))), "came in another way");
        await RefusedAsync(EnrolAsync(next, ("instance", "deploy-1")), "another name");
    }

    [Fact]
    public async Task What_came_with_a_code_and_what_came_from_a_platform_are_kept_apart()
    {
        Assert.Equal(201, (await rig.EnrolAsync(await rig.CodeAsync(), rig.Key, "blue")).Status);
        await RefusedAsync(EnrolAsync(rig.Key), "already serves another");
        using var next = new ProofKey();
        await RefusedAsync(EnrolAsync(next, ("instance", "blue")), "came in another way");
        Assert.Equal(201, (await EnrolAsync(next, ("instance", "green"))).Status);
        Assert.Equal("invalid_grant", (await rig.EnrolAsync(await rig.CodeAsync(), next)).Json.GetProperty("error").GetString());
        Assert.Equal(2, Instances().Count);
    }

    [Fact]
    public async Task Only_a_subject_that_the_approved_file_names_enrols()
    {
        await RefusedAsync(EnrolAsync(rig.Key, ("assertion", Token("system:serviceaccount:servers:other"))), "No approved file");
        await RefusedAsync(EnrolAsync(rig.Key, ("client_id", "server:shop")), "No approved file");
        await RefusedAsync(EnrolAsync(rig.Key, ("client_id", "server:nobody")), "No approved file");
        var waiting = Federated(Subject);
        rig.Put(ServerRig.ServerOf() with { Pending = waiting.Approved! with { Number = 2 } });
        await RefusedAsync(EnrolAsync(rig.Key), "No approved file");
        rig.Put(Federated(Subject) with { State = Lifecycle.Suspended });
        await RefusedAsync(EnrolAsync(rig.Key), "not active");
        // Each is on record with who it was, and none is counted besides.
        Assert.All(rig.Host.Audit.Appended, record => Assert.Equal((AuditKind.Enrolment, false), (record.Kind, record.Allowed)));
        Assert.Equal(5, rig.Host.Audit.Appended.Count);
        Assert.Empty(rig.Host.Refusals.Recorded);
        Assert.Empty(Instances());
    }

    [Fact]
    [Trait("hostile", "assertion")]
    public async Task What_is_no_good_token_of_a_platform_is_refused_and_counted()
    {
        using var thief = new PlatformKey();
        foreach (var token in new[] { "x", thief.Sign(Claims(Subject)), Token("kube:other"), rig.Host.Assertion(), platform.Sign(Changed("aud", "https://other.example.com")), platform.Sign(Changed("exp", 1)) })
            Assert.Equal("invalid_grant", (await EnrolAsync(rig.Key, ("assertion", token))).Json.GetProperty("error").GetString());
        Assert.Equal(6, rig.Host.Refusals.Recorded.Count(code => code == ReasonCode.Unauthenticated));
        foreach (var (name, value) in new[] { ("client_id", null), ("client_id", "agent:bot"), ("code", "sym_enr_x"), ("assertion", null), ("instance", "A b") })
            Assert.Equal("invalid_request", (await EnrolAsync(rig.Key, (name, value))).Json.GetProperty("error").GetString());
        Assert.Equal("invalid_dpop_proof", (await EnrolAsync(null)).Json.GetProperty("error").GetString());
        Assert.Empty(rig.Host.Audit.Appended);
    }

    [Fact]
    public async Task A_key_that_is_revoked_or_somebody_elses_does_not_come_in()
    {
        await EnrolAsync(rig.Key);
        rig.Host.Raise(RevocationLevel.Key, rig.Key.Thumbprint.ToString());
        Assert.Equal(401, (await rig.AskAsync(null)).Status);
        await RefusedAsync(EnrolAsync(rig.Key), "already serves another");
        using var agents = new ProofKey();
        rig.Host.Apply(new AgentObject { Name = new AgentName("taken"), Owner = "o@example.com", Keys = [agents.Jwk] });
        await RefusedAsync(EnrolAsync(agents), "already serves another");
    }

    [Fact]
    public async Task No_more_instances_than_a_hundred_live_at_once()
    {
        var keys = Enumerable.Range(0, ServerKeysObject.MostInstances + 1).Select(_ => new ProofKey()).ToList();
        foreach (var key in keys.Take(ServerKeysObject.MostInstances)) Assert.Equal(201, (await EnrolAsync(key)).Status);
        await RefusedAsync(EnrolAsync(keys[^1]), "100 instances");
        rig.Host.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(201, (await EnrolAsync(keys[^1])).Status);
        keys.ForEach(key => key.Dispose());
    }

    private List<ServerInstance> Instances() => [.. rig.Host.Configuration.ServerKeys(OrganisationId.Default, ServerRig.Deploy)?.Instances ?? []];

    private static ServerObject Federated(params string[] subjects) => Federated(UpstreamCredential.Exchange.UsualTtl, subjects);

    private static ServerObject Federated(long ttl, params string[] subjects)
    {
        var server = ServerRig.ServerOf();
        var credential = new UpstreamCredential.Exchange { Audience = ServerRig.Api, TtlSeconds = ttl, Federation = [.. subjects.Select(subject => WorkloadRig.Of("cluster", subject))] };
        return server with { Approved = server.Approved! with { Manifest = server.Approved.Manifest with { Credential = credential } } };
    }

    private JsonObject Claims(string subject) => new()
    {
        ["iss"] = WorkloadRig.Cluster, ["sub"] = subject, ["aud"] = new JsonArray(OAuthHost.Issuer), ["iat"] = rig.Host.Now, ["exp"] = rig.Host.Now + 600,
    };

    private JsonObject Changed(string name, JsonNode value)
    {
        var claims = Claims(Subject);
        claims[name] = value;
        return claims;
    }

    private string Token(string subject) => platform.Sign(Claims(subject));

    private Task<Answer> EnrolAsync(ProofKey? key, params (string Name, string? Value)[] more)
    {
        (string Name, string? Value)[] usual = [("assertion", Token(Subject)), ("client_id", "server:deploy")];
        var form = usual.Where(each => !more.Any(other => other.Name == each.Name)).Concat(more).Where(each => each.Value is not null);
        (string, string)[] headers = key is null ? [] : [("DPoP", key.Proof("POST", OAuthHost.Issuer + "/oauth/enroll", rig.Host.Now))];
        return rig.Host.SendAsync("POST", "/oauth/enroll", string.Join('&', form.Select(each => $"{each.Name}={Uri.EscapeDataString(each.Value!)}")), headers: headers);
    }

    private static async Task RefusedAsync(Task<Answer> asked, string words)
    {
        var answer = await asked;
        Assert.Equal((400, "invalid_grant"), (answer.Status, answer.Json.GetProperty("error").GetString()));
        Assert.Contains(words, answer.Text, StringComparison.Ordinal);
    }
}

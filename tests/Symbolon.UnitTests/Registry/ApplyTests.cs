using System.Collections.Immutable;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;
using Symbolon.Jose.Signatures;
using Symbolon.Registry.Changes;

namespace Symbolon.UnitTests.Registry;

[Trait("area", "registry")]
public sealed class ApplyTests
{
    private readonly RegistryDesk desk = new();

    [Fact]
    public async Task Documents_are_applied_together_in_one_commit_with_a_record_each()
    {
        var applied = await desk.ApplyAsync(RegistryDesk.Grant("g", """{"agents":["bot"],"workflows":["ci"]}"""), RegistryDesk.Server("shop"), RegistryDesk.Agent("bot"), RegistryDesk.Workflow("ci"));
        Assert.Equal("Grant/g Created 1, Server/shop Created 1, Agent/bot Created 1, Workflow/ci Created 1", applied);
        Assert.Equal(["Grant/g", "Server/shop", "Agent/bot", "Workflow/ci"], desk.Store.Committed.Select(record => record.Target));
        Assert.All(desk.Store.Committed, record => Assert.Equal((AuditKind.AdminChange, "ann", "127.0.0.1", "apply", "because", true),
            (record.Kind, record.By, record.Peer, record.Action, record.Reason, record.Allowed)));
        // One commit: all have the time of it.
        Assert.Single(desk.Store.Committed.Select(record => record.Time).Distinct());
    }

    [Theory]
    [InlineData("Agent")]
    [InlineData("Workflow")]
    [Trait("hostile", "one key, two holders")]
    public async Task The_key_of_a_servers_instance_is_no_agents_or_workflows_besides(string kind)
    {
        using var key = Es256SigningKey.Generate();
        var instance = new ServerInstance { Name = "one", Thumbprint = key.PublicKey.Thumbprint.ToString(), Jwk = key.PublicKey.ToJson(), EnrolledAt = 1, EnrolledBy = "ann" };
        desk.Configuration.Apply(new ConfigurationChanges(1, [(OrganisationId.Default, new ServerKeysObject { Server = new ServerName("shop"), Instances = [instance] })], []));
        using var other = Es256SigningKey.Generate();
        var refusal = await desk.RefusedAsync($$$"""{"apiVersion":"symbolon/v1","kind":"{{{kind}}}","metadata":{"name":"bot","owner":"ops@example.com"},"spec":{"keys":[{{{other.PublicKey.ToJson()}}},{{{key.PublicKey.ToJson()}}}]} }""");
        Assert.Equal("documents[0].spec.keys[1]", Assert.Single(refusal.Errors).Path);
    }

    [Fact]
    public async Task One_that_is_wrong_stops_all_of_them_and_the_refusal_is_recorded()
    {
        var refusal = await desk.RefusedAsync(RegistryDesk.Agent("bot"), RegistryDesk.Agent("Bad Name"), "[]");
        Assert.Equal((ChangeErrorKind.Invalid, "invalid"), (refusal.Kind, refusal.Code));
        Assert.Equal(["documents[1].metadata.name", "documents[2]"], refusal.Errors.Select(error => error.Path));
        Assert.Empty(desk.Store.Committed);
        var record = Assert.Single(desk.Audit.Appended);
        Assert.Equal((AuditKind.AdminChange, false, ReasonCode.MalformedRequest, "apply refused: invalid", "Agent/bot"), (record.Kind, record.Allowed, record.Code, record.Action, record.Target));
    }

    [Fact]
    public async Task What_is_applied_again_is_unchanged_and_leaves_no_record()
    {
        string[] documents = [RegistryDesk.Server("shop"), RegistryDesk.Agent("bot"), RegistryDesk.Workflow("ci"), RegistryDesk.Grant("g")];
        await desk.ApplyAsync(documents);
        Assert.Equal("Server/shop Unchanged 1, Agent/bot Unchanged 1, Workflow/ci Unchanged 1, Grant/g Unchanged 1", await desk.ApplyAsync(documents));
        Assert.Equal(4, desk.Store.Committed.Count);
        Assert.Empty(desk.Audit.Appended);
    }

    [Fact]
    public async Task A_plan_tells_the_same_and_writes_nothing()
    {
        await desk.ApplyAsync(RegistryDesk.Agent("bot"));
        var planned = await desk.TryApplyAsync(RegistryDesk.Ann, dryRun: true, RegistryDesk.Agent("bot", "other@example.com"), RegistryDesk.Agent("new"));
        Assert.Equal([ApplyAction.Updated, ApplyAction.Created], Assert.IsType<Result<ImmutableArray<AppliedDocument>>.Done>(planned).Value.Select(document => document.Action));
        Assert.IsType<Result<ImmutableArray<AppliedDocument>>.Refused>(await desk.TryApplyAsync(RegistryDesk.Ann, dryRun: true, "{}"));
        Assert.Equal((1, 0), (desk.Store.Committed.Count, desk.Audit.Appended.Count));
    }

    [Fact]
    public async Task A_change_of_a_server_waits_while_the_approved_version_serves_and_numbers_only_grow()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        await desk.ApproveAsync("shop", 1);
        Assert.Equal("Server/shop Pending 2", await desk.ApplyAsync(RegistryDesk.Server("shop", """{"name":"look","effect":"write"}""")));
        Assert.Equal((1, 2, Lifecycle.Active), (desk.Find("shop").Approved!.Number, desk.Find("shop").Pending!.Number, desk.Find("shop").State));
        Assert.Equal(Core.Tools.Effect.Read, desk.Find("shop").Approved!.Manifest.Tools[0].Effect);
        // Back to what serves already: nothing waits any more, and number 2 never means two things.
        Assert.Equal("Server/shop Updated 1", await desk.ApplyAsync(RegistryDesk.Server("shop")));
        Assert.Equal("Server/shop Unchanged 1", await desk.ApplyAsync(RegistryDesk.Server("shop")));
        Assert.Equal("Server/shop Pending 3", await desk.ApplyAsync(RegistryDesk.Server("shop", """{"name":"look","effect":"irreversible"}""")));
        Assert.Equal(3, (await desk.ApproveAsync("shop", 3)).Approved!.Number);
    }

    [Fact]
    public async Task To_let_the_audit_keep_arguments_is_a_change_that_waits_for_approval_and_shows_in_the_difference()
    {
        const string Kept = """{"name":"look","effect":"read","audit":{"arguments":["at"]}}""";
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        await desk.ApproveAsync("shop", 1);
        Assert.Equal("Server/shop Pending 2", await desk.ApplyAsync(RegistryDesk.Server("shop", Kept, "\"audit\":{\"content\":\"arguments\"},")));
        var (approved, pending) = (desk.Find("shop").Approved!.Manifest, desk.Find("shop").Pending!.Manifest);
        Assert.Null(approved.RecordedArguments(approved.Tools[0]));
        Assert.Equal(["at"], pending.RecordedArguments(pending.Tools[0])!);
        var changes = DocumentDiff.Between(new Document.Server(new ServerName("shop"), approved), new Document.Server(new ServerName("shop"), pending));
        Assert.Equal([(null, "spec.audit"), ("look", "audit")], changes.Select(change => (change.Tool, change.Field)));
    }

    [Fact]
    public async Task A_file_changes_an_agent_at_once_and_leaves_its_state()
    {
        await desk.ApplyAsync(RegistryDesk.Agent("bot"));
        await desk.Identities.MoveAsync(RegistryDesk.Ann, new ObjectKey(ObjectKind.Agent, "bot"), Symbolon.Registry.Identities.LifecycleStep.Suspend, null, null, CancellationToken.None);
        Assert.Equal("Agent/bot Updated 3", await desk.ApplyAsync(RegistryDesk.Agent("bot", "other@example.com")));
        var agent = desk.Configuration.Agent(OrganisationId.Default, new AgentName("bot"))!;
        Assert.Equal(("other@example.com", Lifecycle.Suspended), (agent.Owner, agent.State));
    }

    [Fact]
    public async Task A_grant_names_only_what_is_there_or_comes_with_it()
    {
        var refusal = await desk.RefusedAsync(RegistryDesk.Grant("g", """{"agents":["bot"],"workflows":["ci"]}"""));
        Assert.Equal(["documents[0].spec.servers[0].name", "documents[0].spec.to.agents[0]", "documents[0].spec.to.workflows[0]"], refusal.Errors.Select(error => error.Path));
        Assert.All(refusal.Errors, error => Assert.Equal("unknown_reference", error.Code));
    }

    [Fact]
    public async Task A_tool_that_no_version_of_the_server_has_cannot_be_granted()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        var refusal = await desk.RefusedAsync(RegistryDesk.Grant("g", tools: """["look","lok"]"""));
        Assert.Equal([("documents[0].spec.servers[0].tools[1]", "unknown_reference", "Server shop has no tool lok.")], refusal.Errors.Select(error => (error.Path, error.Code, error.Message)));
        Assert.Equal("Grant/g Created 1", await desk.ApplyAsync(RegistryDesk.Grant("g", tools: """["look"]""")));
    }

    [Fact]
    public async Task A_day_that_has_passed_is_refused_and_today_is_not()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        Assert.Equal(("documents[0].spec.expires", "expired"), Assert.Single((await desk.RefusedAsync(RegistryDesk.Grant("g", more: ",\"expires\":\"2027-01-14\""))).Errors) switch { var error => (error.Path, error.Code) });
        await desk.ApplyAsync(RegistryDesk.Grant("g", more: ",\"expires\":\"2027-01-15\""));
        var old = RegistryDesk.Server("old", credential: RegistryDesk.Credential("s").Replace("2027-12-31", "2026-12-31", StringComparison.Ordinal));
        Assert.Equal("documents[0].spec.credential.expires", Assert.Single((await desk.RefusedAsync(old)).Errors).Path);
    }

    [Fact]
    public async Task A_grant_allows_no_longer_tokens_than_the_organisation()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        Assert.Equal("Grant/g Created 1", await desk.ApplyAsync(RegistryDesk.Grant("g", more: ",\"tokens\":{\"maxTtl\":\"90d\"}")));
        var error = Assert.Single((await desk.RefusedAsync(RegistryDesk.Grant("h", more: ",\"tokens\":{\"maxTtl\":\"91d\"}"))).Errors);
        Assert.Equal(("documents[0].spec.tokens.maxTtl", "91d is more than 90d, the organisation's ceiling."), (error.Path, error.Message));
    }

    [Fact]
    public async Task The_same_object_twice_none_or_too_many_documents_are_refused()
    {
        Assert.Equal("duplicate", Assert.Single((await desk.RefusedAsync(RegistryDesk.Agent("bot"), RegistryDesk.Agent("bot", "b@example.com"))).Errors).Code);
        Assert.Contains("1 to 500", (await desk.RefusedAsync()).Message, StringComparison.Ordinal);
        Assert.Contains("it has 501", (await desk.RefusedAsync([.. Enumerable.Range(0, 501).Select(i => RegistryDesk.Agent($"a{i}"))])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_what_was_retired_are_not_used_again()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop"), RegistryDesk.Agent("bot"), RegistryDesk.Workflow("ci"), RegistryDesk.Grant("g"));
        var retire = Symbolon.Registry.Identities.LifecycleStep.Retire;
        await desk.Servers.RetireAsync(RegistryDesk.Ann, new ServerName("shop"), null, null, CancellationToken.None);
        await desk.Identities.MoveAsync(RegistryDesk.Ann, new ObjectKey(ObjectKind.Agent, "bot"), retire, null, null, CancellationToken.None);
        await desk.Identities.MoveAsync(RegistryDesk.Ann, new ObjectKey(ObjectKind.Workflow, "ci"), retire, null, null, CancellationToken.None);
        await desk.Retirement.OfGrantAsync(RegistryDesk.Ann, new GrantName("g"), null, null, CancellationToken.None);
        foreach (var document in new[] { RegistryDesk.Server("shop"), RegistryDesk.Agent("bot"), RegistryDesk.Workflow("ci"), RegistryDesk.Grant("g") })
            Assert.Equal((ChangeErrorKind.Conflict, "retired"), await desk.RefusedAsync(document) switch { var why => (why.Kind, why.Code) });
    }

    [Fact]
    public async Task Who_comes_second_is_told_and_overwrites_nothing()
    {
        await desk.ApplyAsync(RegistryDesk.Agent("bot"));
        var key = new ObjectKey(ObjectKind.Agent, "bot");
        var bens = new AgentObject { Name = new AgentName("bot"), Owner = "ben@example.com" };
        desk.Store.BeforeCommit = () => desk.Store.CommitAsync(OrganisationId.Default, [new Change.PutObject(key, 1, bens)], [new AuditEvent()], CancellationToken.None);
        Assert.Equal((ChangeErrorKind.Conflict, "conflict"), await desk.RefusedAsync(RegistryDesk.Agent("bot", "ann@example.com")) switch { var why => (why.Kind, why.Code) });
        Assert.Equal("ben@example.com", desk.Configuration.Agent(OrganisationId.Default, new AgentName("bot"))!.Owner);
    }

    [Fact]
    public async Task Documents_that_are_applied_together_have_a_record_each_made_or_refused()
    {
        await desk.ApplyAsync(RegistryDesk.Agent("bot"));
        desk.Store.Committed.Clear();
        await desk.ApplyAsync(RegistryDesk.Server("shop"), RegistryDesk.Agent("bot"), RegistryDesk.Workflow("ci"), RegistryDesk.Grant("g"));
        Assert.Equal(["Server/shop", "Workflow/ci", "Grant/g"], desk.Store.Committed.Select(record => record.Target));
        Assert.All(desk.Store.Committed, record => Assert.Equal(("apply", true, 1), (record.Action, record.Allowed, record.ObjectVersion)));
        Assert.Equal(("shop", "g"), (desk.Store.Committed[0].Server, desk.Store.Committed[2].Grant));

        await desk.RefusedAsync(RegistryDesk.Agent("new"), RegistryDesk.Grant("h", """{"agents":["nobody"]}"""));
        Assert.Equal(["Agent/new", "Grant/h"], desk.Audit.Appended.Select(record => record.Target));
        Assert.All(desk.Audit.Appended, record => Assert.Equal(("apply refused: invalid", false), (record.Action, record.Allowed)));
    }

    [Fact]
    public async Task While_the_store_is_broken_nothing_is_applied()
    {
        desk.Store.IsBroken = true;
        Assert.Equal(ChangeErrorKind.NotDurable, (await desk.RefusedAsync(RegistryDesk.Agent("bot"))).Kind);
        Assert.Equal(ReasonCode.NotDurable, Assert.Single(desk.Audit.Appended).Code);
    }
}

using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Resources;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;
using Symbolon.Storage;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteChangeLogTests() : ChangeLogTests(StoreKind.Sqlite);

public sealed class PostgresChangeLogTests() : ChangeLogTests(StoreKind.Postgres);

public abstract class ChangeLogTests(StoreKind kind) : StoreTests(kind)
{
    [Fact]
    public async Task A_committed_object_is_in_the_configuration_and_in_the_store()
    {
        var result = await CommitAsync(Samples.Put(Samples.Agent("bot")));

        var committed = Assert.IsType<CommitResult.Committed>(result);
        Assert.Equal(committed.Revision, Store.Configuration.Revision);
        Assert.Equal("platform@example.com", Store.Configuration.Agent(Organisation, new("bot"))!.Owner);
        var found = await Store.Objects.FindObjectAsync(Organisation, new ObjectKey(ObjectKind.Agent, "bot"), Cancellation);
        Assert.Equal(1, found!.Value.Version);
        Assert.Equal("bot", ((AgentObject)found.Value.Item).Name.Value);
    }

    [Fact]
    public async Task Every_kind_of_object_comes_back_as_it_was()
    {
        using var schema = JsonDocument.Parse("""{ "type":"object", "properties" : {"n":{"const": 12345678901234567890123456789.5e-3}, "ſ":{"default":"\u00e9/\/"} } }""");
        var server = Samples.Server("deploy", schema.RootElement);
        var grant = new GrantObject
        {
            Name = new("g"), To = new GrantSubjects { Users = ["*"], Agents = [new("bot")] }, Expires = new DateOnly(2027, 3, 31), MaxTtlSeconds = 60,
            Servers = [new ServerAccess { Server = new("deploy"), Granted = true }],
        };
        var workflow = new WorkflowObject { Name = new("ci"), Owner = "o@example.com", State = Lifecycle.Suspended };
        var organisation = new OrganisationObject { Id = Organisation, MaxTokenTtlSeconds = 5 };
        var resource = new ResourceObject
        {
            Name = new("meta"), Pattern = Pattern("project/*/metadata"), Reaches = [Pattern("project/*/secrets"), Pattern("vault/**")], Triggers = [Pattern("ci/x*")],
            Sensitivity = Sensitivity.Confidential, RetiredAt = 7, LastChange = new StateChange { By = "ann", At = 7, Reason = "gone" },
        };
        var issuer = new IssuerObject
        {
            Name = new("ci"), Issuer = "https://ci.example.com", TrustDomain = "prod.example.com", Audience = "symbolon", Subjects = [new("spiffe://prod.example.com/*")], MaxTtlSeconds = 900,
            Keys = ["{}"], KeysUri = "https://ci.example.com/keys", RetiredAt = 7, LastChange = new StateChange { By = "ann", At = 7, Reason = "gone" },
        };
        var policy = new PolicyObject
        {
            Name = new("refunds"), DeniesByDefault = true, RetiredAt = 7, LastChange = new StateChange { By = "ann", At = 7, Reason = "gone" },
            Rules =
            [
                new PolicyRule { Name = "r", Servers = ["*"], Tools = ["refund"], Effects = [Effect.Write], Resources = [UriPattern.Parse("file:///docs/**", out _)!], When = "args.amount > 1\n", Decision = RuleDecision.Deny, IsObserved = true, Message = "no" },
                new PolicyRule { Name = "s", Servers = ["a"], Labels = Labels("env", "prod"), Limit = new RuleLimit { Total = "15/day", Of = "args.n", Per = ["token", "tool"] } },
                new PolicyRule { Name = "t", Servers = ["a"], Obligations = new RuleObligations { Redact = ["a.b"], MostResultBytes = 5, Headers = Labels("X-A", "b") } },
                new PolicyRule { Name = "u", Servers = ["a"], Decide = new DecisionPoint { Url = "https://opa.example.com/", TimeoutMilliseconds = 5, CacheSeconds = 6 } },
            ],
            Tests = [new PolicyTest { Server = "a", Tool = "refund", Arguments = """{"n": 1.50}""", User = "a@example.com", Groups = ["g"], SessionFlags = ["sensitive"], Expect = ExpectedDecision.Error, Rule = "r" }],
        };
        var federated = new AgentObject { Name = new("fed"), Owner = "o@example.com", Federation = [new FederatedSubject(new("ci"), new("spiffe://prod.example.com/bot"))] };
        await CommitAsync(
            new Change.PutObject(new(ObjectKind.Issuer, "ci"), 0, issuer), new Change.PutObject(new(ObjectKind.Agent, "fed"), 0, federated),
            new Change.PutObject(new(ObjectKind.Server, "deploy"), 0, server), new Change.PutObject(new(ObjectKind.Grant, "g"), 0, grant),
            new Change.PutObject(new(ObjectKind.Workflow, "ci"), 0, workflow), new Change.PutObject(new(ObjectKind.Organisation, "default"), 0, organisation),
            new Change.PutObject(new(ObjectKind.Resource, "meta"), 0, resource), new Change.PutObject(new(ObjectKind.Policy, "refunds"), 0, policy));

        var read = Store.Configuration.Server(Organisation, new("deploy"))!;
        var tool = read.Approved!.Manifest.Tools.Single();
        Assert.Equal(schema.RootElement.GetRawText(), tool.InputSchema!.Value.GetRawText());
        Assert.Equal("""{"properties":{"namespace":{"const": "a"},"n":{"maximum":1.10}}}""", tool.Arguments!.Json.GetRawText());
        var blank = new ManifestVersion { Number = 1, AppliedBy = "", AppliedAt = 0, Manifest = new ServerManifest { Owner = "", Upstream = server.Approved!.Manifest.Upstream } };
        Assert.Equal(server with { Approved = blank }, read with { Approved = blank });
        Assert.Equal(server.Approved.Manifest.Credential, read.Approved.Manifest.Credential);
        Assert.Equal(server.Approved.Manifest.Tools[0] with { InputSchema = null, Arguments = null, RecordedArguments = [], Needs = [] }, tool with { InputSchema = null, Arguments = null, RecordedArguments = [], Needs = [] });
        Assert.Equal(server.Approved.Manifest.Tools[0].Needs.SelectMany(need => need.ToScopes()), tool.Needs.SelectMany(need => need.ToScopes()));
        Assert.Equal(server.Approved.Place, read.Approved.Place);
        Assert.Equal((RecordedContent.Arguments, "namespace"), (read.Approved.Manifest.Content, tool.RecordedArguments.Single()));
        Assert.Equal(server.Approved.Manifest.Labels, read.Approved.Manifest.Labels);
        var readGrant = Store.Configuration.Grant(Organisation, new("g"))!;
        Assert.Equal((grant.Expires, grant.MaxTtlSeconds), (readGrant.Expires, readGrant.MaxTtlSeconds));
        Assert.Equal(grant.To.Users, readGrant.To.Users);
        Assert.True(readGrant.Servers.Single().Granted);
        Assert.Equal(workflow, Store.Configuration.Workflow(Organisation, new("ci")));
        Assert.Equal(organisation, Store.Configuration.Organisation(Organisation));
        var readResource = Store.Configuration.Resource(Organisation, new("meta"))!;
        Assert.Equal(resource with { Reaches = [], Triggers = [] }, readResource with { Reaches = [], Triggers = [] });
        Assert.Equal(resource.Reaches, readResource.Reaches);
        Assert.Equal(resource.Triggers, readResource.Triggers);
        var readPolicy = Store.Configuration.Policy(Organisation, new("refunds"))!;
        Assert.Equal(DocumentWriter.Write(Document.Of(policy)).ToArray(), DocumentWriter.Write(Document.Of(readPolicy)).ToArray());
        Assert.Equal((policy.RetiredAt, policy.LastChange), (readPolicy.RetiredAt, readPolicy.LastChange));
        var readIssuer = Store.Configuration.Issuer(Organisation, new("ci"))!;
        Assert.Equal(issuer with { Subjects = [], Keys = [] }, readIssuer with { Subjects = [], Keys = [] });
        Assert.Equal((issuer.Subjects.Single(), issuer.Keys.Single()), (readIssuer.Subjects.Single(), readIssuer.Keys.Single()));
        Assert.Equal(federated.Federation, Store.Configuration.Agent(Organisation, new("fed"))!.Federation);

        static System.Collections.Immutable.ImmutableSortedDictionary<string, string> Labels(string name, string value) => System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add(name, value);
        static ResourcePattern Pattern(string text) => ResourcePattern.Parse(text, out _)!;
    }

    [Fact]
    public async Task A_change_that_expects_another_version_is_a_conflict_and_nothing_of_its_commit_is_kept()
    {
        await CommitAsync(Samples.Put(Samples.Agent("bot")));
        var before = await Store.Audit.HeadAsync(Organisation, Cancellation);
        var stale = Samples.Put(Samples.Agent("bot"), expected: 7);

        var result = await CommitAsync(Samples.Put(Samples.Agent("other")), stale);

        Assert.Same(stale, Assert.IsType<CommitResult.Conflict>(result).Change);
        Assert.Null(await Store.Objects.FindObjectAsync(Organisation, new ObjectKey(ObjectKind.Agent, "other"), Cancellation));
        Assert.Equal(before.Seq, (await Store.Audit.HeadAsync(Organisation, Cancellation)).Seq);
        Assert.IsType<CommitResult.Conflict>(await CommitAsync(Samples.Put(Samples.Agent("bot"))));
    }

    [Fact]
    public async Task Of_a_hundred_parallel_changes_to_one_version_exactly_one_wins()
    {
        // A clock that stands still: on a busy machine the last ones may wait for longer than the 2 s that a change is given.
        using var store = new OpenStore(Database.Options, new FakeClock());
        await RunAsync(Samples.Put(Samples.Agent("bot")));

        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => RunAsync(Samples.Put(Samples.Agent("bot", $"o{i}@example.com"), 1))));

        Assert.Single(results, result => result is CommitResult.Committed);
        Assert.Equal(2, (await store.Objects.HistoryAsync(Organisation, new ObjectKey(ObjectKind.Agent, "bot"), Cancellation)).Count);

        Task<CommitResult> RunAsync(Change change) => store.Changes.CommitAsync(Organisation, [change], [Samples.Record()], Cancellation);
    }

    [Fact]
    public async Task The_history_keeps_every_version_with_who_and_when()
    {
        for (var version = 0; version < 3; version++) await CommitAsync(Samples.Put(Samples.Agent("bot", $"o{version}@example.com"), version));

        var history = await Store.Objects.HistoryAsync(Organisation, new ObjectKey(ObjectKind.Agent, "bot"), Cancellation);

        Assert.Equal([1, 2, 3], history.Select(entry => entry.Version));
        Assert.Equal("o1@example.com", ((AgentObject)history[1].Item).Owner);
        Assert.All(history, entry => Assert.Equal(("admin", Samples.Now), (entry.ChangedBy, entry.ChangedAt)));
    }

    [Fact]
    public async Task Another_node_reads_only_what_changed_since_its_revision()
    {
        await CommitAsync(Samples.Put(Samples.Agent("first")));
        var revision = Store.Configuration.Revision;
        await CommitAsync(Samples.Put(Samples.Agent("second")), new Change.RaiseEpoch(RevocationLevel.User, "alice@example.com", Samples.Now));

        var changes = await Store.Objects.ReadSinceAsync(revision, Cancellation);

        Assert.Equal("second", ((AgentObject)changes.Objects.Single().Item).Name.Value);
        Assert.Equal(new Epoch(Organisation, RevocationLevel.User, "alice@example.com", Samples.Now), changes.Epochs.Single());
        Assert.Equal(await Store.Objects.RevisionAsync(Cancellation), changes.Revision);
        Assert.Empty((await Store.Objects.ReadSinceAsync(changes.Revision, Cancellation)).Objects);
    }

    [Fact]
    public async Task A_second_node_sees_a_change_with_its_next_poll_and_is_current_by_it()
    {
        using var second = new OpenStore(Database.Options);
        await second.Feed.PollAsync(Cancellation);
        await CommitAsync(Samples.Put(Samples.Agent("bot")));

        await second.Feed.PollAsync(Cancellation);

        Assert.NotNull(second.Configuration.Agent(Organisation, new("bot")));
        Assert.True(second.Freshness.IsCurrent);
    }

    [Fact]
    public async Task An_older_epoch_changes_nothing()
    {
        await CommitAsync(new Change.RaiseEpoch(RevocationLevel.Server, "deploy", 200));
        await CommitAsync(new Change.RaiseEpoch(RevocationLevel.Server, "deploy", 100));

        var epochs = (await Store.Objects.ReadSinceAsync(-1, Cancellation)).Epochs;

        Assert.Equal(200, epochs.Single().NotBefore);
    }

    [Fact]
    public async Task A_rotation_is_finished_as_a_whole_or_not_at_all()
    {
        await CommitAsync(new Change.PutSecret("upstream", "key", 0, [1], [1]));
        await CommitAsync(new Change.PutSecret("upstream-next", "key", 0, [2], [2]));
        // Somebody put another next value there meanwhile: what would be shown is not what was seen.
        await CommitAsync(new Change.PutSecret("upstream-next", "key", 1, [3], [3]));
        Assert.IsType<CommitResult.Conflict>(await CommitAsync(new Change.PutSecret("upstream", "key", 1, [2], [2]), new Change.DestroySecret("upstream-next", "key", 1)));
        Assert.Equal([1], (await Store.Objects.FindSecretAsync(Organisation, "upstream", "key", Cancellation))!.Sealed);
        Assert.Equal([3], (await Store.Objects.FindSecretAsync(Organisation, "upstream-next", "key", Cancellation))!.Sealed);

        Assert.IsType<CommitResult.Committed>(await CommitAsync(new Change.PutSecret("upstream", "key", 1, [3], [3]), new Change.DestroySecret("upstream-next", "key", 2)));
        var shown = (await Store.Objects.FindSecretAsync(Organisation, "upstream", "key", Cancellation))!;
        Assert.Equal([3], shown.Sealed);
        Assert.NotNull(shown.StoredAt);
        Assert.Equal(shown.StoredAt, Store.Configuration.Secret(Organisation, "upstream", "key")!.StoredAt);
        Assert.Empty((await Store.Objects.FindSecretAsync(Organisation, "upstream-next", "key", Cancellation))!.Sealed);
        Assert.Null(Store.Configuration.Secret(Organisation, "upstream-next", "key"));
        // Finished twice: the second finds nothing that waits.
        Assert.IsType<CommitResult.Conflict>(await CommitAsync(new Change.DestroySecret("upstream-next", "key", 2)));
    }

    [Fact]
    public async Task A_secret_is_replaced_only_by_who_knows_its_version()
    {
        Assert.IsType<CommitResult.Committed>(await CommitAsync(new Change.PutSecret("upstream", "deploy-api", 0, [1, 0, 2], [7])));
        Assert.IsType<CommitResult.Conflict>(await CommitAsync(new Change.PutSecret("upstream", "deploy-api", 0, [9], [9])));
        Assert.IsType<CommitResult.Committed>(await CommitAsync(new Change.PutSecret("upstream", "deploy-api", 1, [3], [8])));

        var found = await Store.Objects.FindSecretAsync(Organisation, "upstream", "deploy-api", Cancellation);

        Assert.Equal(2, found!.Version);
        Assert.Equal([3], found.Sealed);
        Assert.Equal(found.Sealed, Store.Configuration.Secret(Organisation, "upstream", "deploy-api")!.Sealed);
        Assert.Equal(["deploy-api"], await Store.Objects.SecretsWithFingerprintAsync(Organisation, "upstream", [8], Cancellation));
        Assert.Empty(await Store.Objects.SecretsWithFingerprintAsync(Organisation, "upstream", [7], Cancellation));
    }

    [Fact]
    public async Task A_change_and_its_record_are_one()
    {
        var record = Samples.Record("put agent");
        await Store.Changes.CommitAsync(Organisation, [Samples.Put(Samples.Agent("bot"))], [record], Cancellation);

        var stored = await Store.Audit.ReadAsync(Organisation, new AuditQuery { Kind = "admin_change" }, null, descending: true, 1, Cancellation);

        Assert.True(await record.Durable());
        Assert.Contains("\"action\":\"put agent\"", System.Text.Encoding.UTF8.GetString(stored.Single().Json.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task U_0000_is_refused_wherever_it_hides_and_nothing_is_written()
    {
        var labels = Samples.Agent("bot") with { Labels = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("a", "x\0y") };
        using var schema = JsonDocument.Parse("""{"default":"\u0000"}""");

        await Assert.ThrowsAsync<UnstorableTextException>(() => CommitAsync(Samples.Put(labels)));
        await Assert.ThrowsAsync<UnstorableTextException>(() => CommitAsync(Samples.Put(Samples.Agent("b\0t"))));
        await Assert.ThrowsAsync<UnstorableTextException>(() => CommitAsync(new Change.PutObject(new(ObjectKind.Server, "s"), 0, Samples.Server("s", schema.RootElement))));
        await Assert.ThrowsAsync<UnstorableTextException>(() => CommitAsync(new Change.RaiseEpoch(RevocationLevel.User, "\0", 1)));
        await Assert.ThrowsAsync<UnstorableTextException>(() => CommitAsync(new Change.InsertToken(Samples.Token("tok_1") with { Note = "\0" }, Samples.Secret("x"))));
        await Assert.ThrowsAsync<UnstorableTextException>(() => CommitAsync(new Change.RaiseEpoch(RevocationLevel.User, new string('\ud800', 1), 1)));
        Assert.IsType<CommitResult.Committed>(await CommitAsync(Samples.Put(Samples.Agent("bot", "a\\u0000b"))));

        Assert.Equal(1, await Store.Objects.RevisionAsync(Cancellation));
        Assert.True(Store.AuditLog.IsHealthy);
    }

    [Theory]
    [InlineData(RevocationLevel.User, "alice@example.com")]
    [InlineData(RevocationLevel.Agent, "claude-code")]
    [InlineData(RevocationLevel.Workflow, "ci")]
    [InlineData(RevocationLevel.Server, "deploy")]
    [InlineData(RevocationLevel.Organisation, "default")]
    public async Task A_revocation_by_a_clock_that_is_behind_kills_what_was_issued_all_the_same(RevocationLevel level, string target)
    {
        var token = Samples.Token("tok_1");
        token = token with { Holder = token.Holder with { Workflow = new("ci") } };
        var later = Samples.Token("tok_2", "bob@example.com", "other") with { IssuedAt = Samples.Now + 50 };
        await CommitAsync(new Change.InsertToken(token, Samples.Secret("a")), new Change.InsertToken(later with { Holder = new() { User = later.Holder.User } }, Samples.Secret("b")));

        await CommitAsync(new Change.RaiseEpoch(level, target, Samples.Now - 10_000_000));

        Assert.True(Store.Configuration.Epochs.IsRevoked(token, new("deploy")));
        var last = level == RevocationLevel.Organisation ? later : token;
        Assert.Equal(last.IssuedAt, Store.Configuration.Epochs.Find(Organisation, level, target)!.NotBefore);
    }

    [Fact]
    public async Task The_same_secret_under_two_names_is_a_conflict_even_when_nobody_looked_before()
    {
        Assert.IsType<CommitResult.Committed>(await CommitAsync(new Change.PutSecret("upstream", "one", 0, [1], [7])));
        Assert.IsType<CommitResult.Committed>(await CommitAsync(new Change.PutSecret("upstream", "two", 0, [2], [8])));

        Assert.IsType<CommitResult.Conflict>(await CommitAsync(new Change.PutSecret("upstream", "three", 0, [3], [7])));
        Assert.IsType<CommitResult.Conflict>(await CommitAsync(new Change.PutSecret("upstream", "two", 1, [2], [7])));
        Assert.IsType<CommitResult.Committed>(await CommitAsync(new Change.PutSecret("upstream", "one", 1, [4], [7])));
        Assert.IsType<CommitResult.Committed>(await CommitAsync(new Change.PutSecret("other", "three", 0, [3], [7])));
    }

    /// <summary>Attacker's review, finding 7: "nothing was changed" was said of what was stored, and recorded as refused.</summary>
    [Fact]
    public async Task A_change_that_is_stored_and_cannot_be_read_back_is_committed_with_one_record_and_shown_by_the_next_poll()
    {
        await Store.Feed.PollAsync(Cancellation);
        using var lost = new ConfigurationFeed(new UnreadableStore(), Store.Configuration, Store.Freshness, TimeProvider.System);
        var log = new ChangeLog(Store.Store.Writer, lost, announces: false, NullLogger<ChangeLog>.Instance);
        var desk = new ChangeDesk(log, Store.AuditLog, TimeProvider.System);

        var result = await desk.CommitAsync(new Requester(Organisation, "admin"), new ChangeNote("apply", "Agent/bot"), [Samples.Put(Samples.Agent("bot"))], Cancellation);

        Assert.Equal(new Result<long>.Done(1), result);
        Assert.Null(Store.Configuration.Agent(Organisation, new("bot")));
        var record = Assert.Single(await Store.Audit.ReadAsync(Organisation, new AuditQuery(), null, descending: false, 10, Cancellation));
        Assert.DoesNotContain("refused", Encoding.UTF8.GetString(record.Json.Span), StringComparison.Ordinal);
        await Store.Feed.PollAsync(Cancellation);
        Assert.NotNull(Store.Configuration.Agent(Organisation, new("bot")));
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        await CommitAsync(Samples.Put(Samples.Agent("bot")), new Change.InsertToken(Samples.Token("tok_1"), Samples.Secret("s")));
        Store.Dispose();

        using var again = new OpenStore(Database.Options);
        await again.Feed.PollAsync(Cancellation);

        Assert.NotNull(again.Configuration.Agent(Organisation, new("bot")));
        Assert.NotNull(await again.Tokens.FindBySecretAsync(Samples.Secret("s"), Cancellation));
        Assert.Equal(1, (await again.Audit.HeadAsync(Organisation, Cancellation)).Seq);
    }
}

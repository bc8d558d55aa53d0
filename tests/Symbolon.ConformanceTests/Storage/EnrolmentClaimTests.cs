using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Jose;
using Symbolon.Registry.Credentials;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteEnrolmentClaimTests() : EnrolmentClaimTests(StoreKind.Sqlite);

public sealed class PostgresEnrolmentClaimTests() : EnrolmentClaimTests(StoreKind.Postgres);

/// <summary>Claims of enrolment codes that meet on two nodes of one real store.</summary>
[Trait("area", "credentials")]
public abstract class EnrolmentClaimTests(StoreKind kind) : StoreTests(kind)
{
    private static readonly Requester Admin = new(OrganisationId.Default, "admin");
    private static readonly ServerName Deploy = new("deploy");
    private static readonly ServerName Other = new("other");

    [Fact]
    [Trait("clause", "DESIGN.md §4 Identities on the way")]
    public async Task A_hundred_claims_of_one_code_on_two_nodes_leave_at_most_one_key()
    {
        using var second = new OpenStore(Database.Options);
        var (here, there) = (await NodeAsync(Store), await NodeAsync(second));
        var code = await CodeAsync(here, Deploy);
        await second.Feed.PollAsync(Cancellation);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => (i % 2 == 0 ? here : there).Claims.ClaimAsync(Claim(code, $"key {i}"), Cancellation))));
        Assert.InRange(outcomes.OfType<EnrolmentOutcome.Enrolled>().Count(), 1, 1);
        var first = outcomes.OfType<EnrolmentOutcome.Enrolled>().Single().Instance.Thumbprint;
        foreach (var store in new[] { Store, second })
        {
            await store.Feed.PollAsync(Cancellation);
            // Two came: the one that was first is revoked as well.
            Assert.Empty(store.Configuration.ServerKeys(Organisation, Deploy)!.Instances);
            Assert.NotNull(store.Configuration.Epochs.Find(Organisation, RevocationLevel.Key, first));
        }
        var records = await Store.Audit.ReadAsync(Organisation, new AuditQuery { Kind = AuditKind.Enrolment.ToText() }, null, descending: false, limit: 1000, Cancellation);
        Assert.Equal(2, records.Count);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Reviews")]
    public async Task One_key_that_comes_for_two_servers_at_once_serves_one_of_them()
    {
        using var second = new OpenStore(Database.Options);
        var (here, there) = (await NodeAsync(Store), await NodeAsync(second));
        for (var round = 0; round < 5; round++)
        {
            var codes = new[] { await CodeAsync(here, Deploy), await CodeAsync(here, Other) };
            await second.Feed.PollAsync(Cancellation);
            var key = $"shared key {round}";
            var outcomes = await Task.WhenAll(Task.Run(() => here.Claims.ClaimAsync(Claim(codes[0], key), Cancellation)), Task.Run(() => there.Claims.ClaimAsync(Claim(codes[1], key), Cancellation)));
            Assert.Single(outcomes.OfType<EnrolmentOutcome.Enrolled>());
            Assert.Single(outcomes.OfType<EnrolmentOutcome.Refused>());
        }
    }

    [Fact]
    public async Task The_same_claim_from_both_nodes_at_once_gets_the_same_answer()
    {
        using var second = new OpenStore(Database.Options);
        var (here, there) = (await NodeAsync(Store), await NodeAsync(second));
        var code = await CodeAsync(here, Deploy);
        await second.Feed.PollAsync(Cancellation);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? here : there).Claims.ClaimAsync(Claim(code, "one key"), Cancellation))));
        var enrolled = outcomes.Select(Assert.IsType<EnrolmentOutcome.Enrolled>).Select(each => each.Instance).Distinct();
        Assert.Equal("one key", Assert.Single(enrolled).Jwk);
    }

    private async Task<(EnrolmentDesk Desk, EnrolmentClaims Claims)> NodeAsync(OpenStore store)
    {
        foreach (var name in new[] { Deploy, Other })
            if (await store.Objects.FindObjectAsync(Organisation, new ObjectKey(ObjectKind.Server, name.Value), Cancellation) is null)
                await CommitAsync(new Change.PutObject(new ObjectKey(ObjectKind.Server, name.Value), 0, Server(name)));
        await store.Feed.PollAsync(Cancellation);
        var (clock, holders) = (TimeProvider.System, new KeyHolders(store.Configuration));
        var records = new EnrolmentRecords(store.Configuration, new EventClock(clock), clock);
        var desk = new EnrolmentDesk(store.Configuration, store.Objects, new ChangeDesk(store.Changes, store.AuditLog, clock), holders, records, clock);
        var successions = new KeySuccessions(store.Configuration, desk, holders, records, store.Changes, clock);
        return (desk, new EnrolmentClaims(store.Configuration, desk, holders, records, successions, store.Changes, store.AuditLog, clock));
    }

    private static ServerObject Server(ServerName name) => new()
    {
        Name = name, State = Lifecycle.Active,
        Approved = new ManifestVersion
        {
            Number = 1, AppliedBy = "a", AppliedAt = 0,
            Manifest = new ServerManifest { Owner = "o@example.com", Upstream = new UpstreamAddress.Http { Url = new Uri("http://127.0.0.1:7001/mcp") }, Credential = new UpstreamCredential.Exchange { Audience = "https://k8s.example.com" } },
        },
    };

    private async Task<string> CodeAsync((EnrolmentDesk Desk, EnrolmentClaims Claims) node, ServerName server) =>
        Assert.IsType<Result<NewEnrolment>.Done>(await node.Desk.CreateAsync(Admin, server, null, null, Cancellation)).Value.Secret;

    private static EnrolmentClaim Claim(string code, string key) => new(
        OrganisationId.Default, code, Instance: null, Sha256Value.Of(System.Text.Encoding.ASCII.GetBytes(key)), key,
        ProofUse.Of(OrganisationId.Default, "proof of a test", Guid.NewGuid().ToString(), UnixTime.Microseconds(TimeProvider.System) + 60_000_000), Peer: null);
}

using System.Text.Json;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteReviewStoreTests() : ReviewStoreTests(StoreKind.Sqlite);

public sealed class PostgresReviewStoreTests() : ReviewStoreTests(StoreKind.Postgres);

[Trait("area", "reviews")]
public abstract class ReviewStoreTests(StoreKind kind) : StoreTests(kind)
{
    private static readonly ServerName Shop = new("shop");

    [Fact]
    public async Task A_review_is_read_as_it_was_written_with_its_revision()
    {
        var written = Of(1) with
        {
            Cause = ReviewCause.Drift, Source = new SourceCommit("4f3c", null), SelfApproved = true, Decision = new StateChange { By = "ann", At = 7, Reason = "ok" },
            Definitions = [new SeenDefinition(new ToolName("look"), Era.Legacy, "sha256:00", JsonElement.Parse("""{"name":"look","n":1.0}"""), 5), new SeenDefinition(new ToolName("peek"), Era.Modern, "sha256:01", null, 6)],
        };
        await PutAsync(written);
        var read = (await FindAsync(1))!;
        Assert.Equal(1, read.Revision);
        Assert.Equal("""{"name":"look","n":1.0}""", read.Definitions[0].Definition!.Value.GetRawText());
        Assert.Equal(written with { Definitions = [] }, read with { Revision = 0, Definitions = [] });
        Assert.Equal(written.Definitions[1], read.Definitions[1]);
    }

    [Fact]
    public async Task Only_the_revision_that_was_read_is_replaced_and_a_conflict_undoes_the_whole_change()
    {
        await PutAsync(Of(1));
        var read = (await FindAsync(1))!;
        await PutAsync(read with { State = ReviewState.Approved });
        var late = await CommitAsync(Samples.Put(Samples.Agent("bot")), new Change.PutReview(read with { State = ReviewState.Rejected }));
        Assert.IsType<Change.PutReview>(Assert.IsType<CommitResult.Conflict>(late).Change);
        Assert.Null(await Store.Objects.FindObjectAsync(Organisation, new ObjectKey(ObjectKind.Agent, "bot"), Cancellation));
        Assert.Equal((ReviewState.Approved, 2L), ((await FindAsync(1))!.State, (await FindAsync(1))!.Revision));
        Assert.IsType<CommitResult.Conflict>(await CommitAsync(new Change.PutReview(Of(1))));
    }

    [Fact]
    public async Task Open_ones_come_first_and_oldest_first_then_the_others_newest_first_in_pages()
    {
        for (var i = 1; i <= 6; i++) await PutAsync(Of(i, state: i % 2 == 0 ? ReviewState.Open : ReviewState.Rejected));
        await PutAsync(Of(1, "other"));
        var all = await NamesAsync(null, null, 100);
        Assert.Equal(["other.1", "shop.2", "shop.4", "shop.6", "shop.5", "shop.3", "shop.1"], all);
        var paged = new List<string>();
        for (Review? after = null; ;)
        {
            var page = await Store.Reviews.ListAsync(Organisation, null, null, after, 2, Cancellation);
            paged.AddRange(page.Select(review => review.Name.ToString()));
            if (page.Count < 2) break;
            after = page[^1];
        }
        Assert.Equal(all, paged);
        Assert.Equal(["shop.2", "shop.4", "shop.6"], await NamesAsync(ReviewState.Open, Shop, 100));
        Assert.Equal(["shop.5", "shop.3", "shop.1"], await NamesAsync(ReviewState.Rejected, null, 100));
        Assert.Equal(4, await Store.Reviews.CountOpenAsync(Organisation, Cancellation));
        Assert.Empty(await Store.Reviews.ListAsync(new OrganisationId("another"), null, null, null, 10, Cancellation));
    }

    [Fact]
    public async Task What_is_over_is_found_oldest_first_and_only_while_it_is_open()
    {
        await PutAsync(Of(1) with { ExpiresAt = 30 });
        await PutAsync(Of(2) with { ExpiresAt = 20 });
        await PutAsync(Of(3) with { ExpiresAt = 10, State = ReviewState.Approved });
        await PutAsync(Of(4) with { ExpiresAt = long.MaxValue });
        Assert.Equal(["shop.2", "shop.1"], (await Store.Reviews.ExpiredAsync(30, 10, Cancellation)).Select(found => found.Name.ToString()));
        Assert.Equal(["shop.2"], (await Store.Reviews.ExpiredAsync(29, 10, Cancellation)).Select(found => found.Name.ToString()));
    }

    [Fact]
    public async Task A_version_of_an_object_is_found_by_its_number()
    {
        var key = new ObjectKey(ObjectKind.Agent, "bot");
        await CommitAsync(Samples.Put(Samples.Agent("bot", "a@example.com")));
        await CommitAsync(Samples.Put(Samples.Agent("bot", "b@example.com"), 1));
        Assert.Equal("a@example.com", Assert.IsType<AgentObject>(await Store.Objects.FindVersionAsync(Organisation, key, 1, Cancellation)).Owner);
        Assert.Equal("b@example.com", Assert.IsType<AgentObject>(await Store.Objects.FindVersionAsync(Organisation, key, 2, Cancellation)).Owner);
        Assert.Null(await Store.Objects.FindVersionAsync(Organisation, key, 3, Cancellation));
    }

    [Fact]
    public async Task A_destroyed_secret_has_no_bytes_left_and_its_value_may_be_stored_anew()
    {
        await Store.Feed.PollAsync(Cancellation);
        await CommitAsync(new Change.PutSecret("upstream", "key", 0, [1, 2, 3], [9]));
        Assert.NotNull(Store.Configuration.Secret(Organisation, "upstream", "key"));
        await CommitAsync(new Change.DestroySecret("upstream", "key"), new Change.DestroySecret("upstream", "none"));
        Assert.Null(Store.Configuration.Secret(Organisation, "upstream", "key"));
        var rest = (await Store.Objects.FindSecretAsync(Organisation, "upstream", "key", Cancellation))!;
        Assert.Equal((2L, 0, 0), (rest.Version, rest.Sealed.Length, rest.Fingerprint.Length));
        Assert.IsType<CommitResult.Committed>(await CommitAsync(new Change.PutSecret("upstream", "key", 2, [4], [9])));
        using var other = Kind == StoreKind.Postgres ? new OpenStore(Database.Options) : null;
        if (other is null) return;
        await other.Feed.PollAsync(Cancellation);
        Assert.Equal([4], other.Configuration.Secret(Organisation, "upstream", "key")!.Sealed);
    }

    [Fact]
    public async Task A_server_keeps_its_envelope_its_reviews_and_what_drifted()
    {
        var server = Samples.Server("deploy") with
        {
            Envelope = Samples.Server("deploy").Approved!.Manifest.Tools[0].Needs, Reviews = 4, PendingReview = 3, DriftReview = 4, LastNumber = 9, IsSuspendedByDrift = true,
            Drifted = [new DriftedTool(new ToolName("look"), Era.Modern, "sha256:00")], TurnedDown = [new DriftedTool(new ToolName("peek"), Era.Legacy, "sha256:01")],
        };
        await CommitAsync(new Change.PutObject(new ObjectKey(ObjectKind.Server, "deploy"), 0, server));
        var read = Assert.IsType<ServerObject>((await Store.Objects.FindObjectAsync(Organisation, new ObjectKey(ObjectKind.Server, "deploy"), Cancellation))!.Value.Item);
        Assert.Equal((4, 3, 4, 9, true), (read.Reviews, read.PendingReview, read.DriftReview, read.LastNumber, read.IsSuspendedByDrift));
        Assert.Equal(server.Drifted.Concat(server.TurnedDown), read.Drifted.Concat(read.TurnedDown));
        Assert.Equal(server.EnvelopeSet().ToString(), read.EnvelopeSet().ToString());
    }

    private async Task<IEnumerable<string>> NamesAsync(ReviewState? state, ServerName? server, int limit) =>
        (await Store.Reviews.ListAsync(Organisation, state, server, null, limit, Cancellation)).Select(review => review.Name.ToString());

    private Task<Review?> FindAsync(int number) => Store.Reviews.FindAsync(Organisation, new ReviewName(Shop, number), Cancellation);

    private async Task PutAsync(Review review) => Assert.IsType<CommitResult.Committed>(await CommitAsync(new Change.PutReview(review)));

    private static Review Of(int number, string server = "shop", ReviewState state = ReviewState.Open) => new()
    {
        Name = new ReviewName(new ServerName(server), number), Cause = ReviewCause.Change, State = state, RequestedBy = "ann", OpenedAt = number, ExpiresAt = 1000, Manifest = 2, ObjectVersion = 3, Request = "because",
    };
}

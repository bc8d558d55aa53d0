using Symbolon.Core.Snapshot;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteFormStoreTests() : FormStoreTests(StoreKind.Sqlite);

public sealed class PostgresFormStoreTests() : FormStoreTests(StoreKind.Postgres);

[Trait("area", "console")]
public abstract class FormStoreTests(StoreKind kind) : StoreTests(kind)
{
    private static readonly long Now = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    [Fact]
    public async Task Of_many_nodes_that_are_sent_one_form_one_has_it_and_the_others_hear_what_it_made()
    {
        // Two processes never share a SQLite store.
        using var other = Kind == StoreKind.Postgres ? new OpenStore(Database.Options) : null;
        var form = Samples.Secret("form");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? Store : other ?? Store).Forms.TakeAsync(Organisation, form, Now + 1000, Cancellation)));
        Assert.Single(answers.OfType<FormTaking.First>());
        Assert.Equal(19, answers.OfType<FormTaking.AtWork>().Count());

        await Store.Forms.EndAsync(Organisation, form, "/tokens/tok_1", Cancellation);
        Assert.Equal(new FormTaking.Done("/tokens/tok_1"), await (other ?? Store).Forms.TakeAsync(Organisation, form, Now + 1000, Cancellation));
        // Whoever is late with its end changes nothing of what another said.
        await Store.Forms.EndAsync(Organisation, form, null, Cancellation);
        Assert.IsType<FormTaking.Done>(await Store.Forms.TakeAsync(Organisation, form, Now + 1000, Cancellation));
    }

    [Fact]
    public async Task A_form_that_made_nothing_is_free_again_and_others_never_were_its()
    {
        var form = Samples.Secret("form");
        Assert.IsType<FormTaking.First>(await Store.Forms.TakeAsync(Organisation, form, Now + 1000, Cancellation));
        Assert.IsType<FormTaking.First>(await Store.Forms.TakeAsync(Organisation, Samples.Secret("other"), Now + 1000, Cancellation));
        await Store.Forms.EndAsync(Organisation, form, null, Cancellation);
        Assert.IsType<FormTaking.First>(await Store.Forms.TakeAsync(Organisation, form, Now + 1000, Cancellation));
    }

    [Fact]
    public async Task It_is_remembered_an_hour_past_its_end_and_then_forgotten()
    {
        var (recent, old) = (Samples.Secret("recent"), Samples.Secret("old"));
        Assert.IsType<FormTaking.First>(await Store.Forms.TakeAsync(Organisation, recent, Now - 1_800_000_000, Cancellation));
        Assert.IsType<FormTaking.First>(await Store.Forms.TakeAsync(Organisation, old, Now - 5_400_000_000, Cancellation));
        Assert.IsType<FormTaking.AtWork>(await Store.Forms.TakeAsync(Organisation, recent, Now, Cancellation));
        Assert.IsType<FormTaking.First>(await Store.Forms.TakeAsync(Organisation, old, Now, Cancellation));
    }
}

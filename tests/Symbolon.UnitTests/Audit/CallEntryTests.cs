using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Policy;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Audit;

[Trait("area", "audit")]
public sealed class CallEntryTests
{
    private const long Time = 1_795_239_074_305_697;

    private readonly CallEntryPool pool = new();
    private readonly MemoryAuditLog log = new();

    [Fact]
    public void Ids_of_calls_are_version_7_with_the_time_in_front_and_differ()
    {
        var ids = Enumerable.Range(0, 10_000).Select(_ => Open().Request.Call!.Value).ToList();

        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, id =>
        {
            Assert.Equal(7, id.Version);
            Assert.InRange(id.Variant, 8, 11);
            Assert.StartsWith((Time / 1000).ToString("x12", System.Globalization.CultureInfo.InvariantCulture), id.ToString("N"), StringComparison.Ordinal);
        });
        // Bits that no rule fixes take both values.
        var all = ids.Select(id => id.ToByteArray(bigEndian: true)).ToList();
        for (var i = 6; i < 16; i++)
            for (var bit = 0; bit < 8; bit++)
                if (!(i == 6 && bit >= 4 || i == 8 && bit >= 6)) Assert.Equal(2, all.Select(bytes => bytes[i] >> bit & 1).Distinct().Count());
    }

    [Fact]
    public void Ids_drawn_on_many_threads_differ()
    {
        var ids = new System.Collections.Concurrent.ConcurrentDictionary<Guid, bool>();

        Parallel.For(0, 20_000, _ => Assert.True(ids.TryAdd(Open().Request.Call!.Value, true)));
    }

    [Fact]
    public async Task An_entry_is_closed_only_when_both_of_its_records_are_durable()
    {
        log.Holds = true;
        var entry = Open();
        Assert.True(entry.AppendIntent(isAwaited: false));
        var closed = entry.CloseAsync(new CallEnd(Time, CallOutcome.Completed, Code: null, UpstreamStatus: 200, Duration: 1, AnswerSize: 1)).AsTask();

        Assert.False(closed.IsCompleted);
        log.Release(durable: true);

        Assert.True(await closed);
    }

    [Fact]
    public async Task An_entry_whose_intent_was_not_written_is_not_closed_well()
    {
        log.Fails = _ => true;
        var entry = Open();

        Assert.False(entry.AppendIntent(isAwaited: false));
        Assert.False(await entry.CloseAsync(new CallEnd(Time, CallOutcome.Failed, ReasonCode.AuditUnavailable, null, 1, 0)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("clause", "RFC 9449 §11.1")]
    public async Task A_call_whose_proof_was_used_before_is_told_so_and_recorded_as_refused(bool hasIntent)
    {
        var (first, second) = (Open(), Open());
        first.Request.Proof = Use();
        Assert.True(first.AppendIntent(isAwaited: true));
        Assert.True(await first.IntentDurable());
        Assert.False(first.IsReplay);
        Assert.True(await first.CloseAsync(Completed));

        (second.Request.Proof, second.Request.Allowed) = (Use(), true);
        if (hasIntent) Assert.True(second.AppendIntent(isAwaited: true) && await second.IntentDurable() && second.IsReplay);
        // Whoever overlooks it sends nothing all the same.
        Assert.False(await second.CloseAsync(Completed));

        var refused = log.Records[2];
        Assert.Equal((false, ReasonCode.ProofInvalid), (refused.Allowed, refused.Code));
    }

    [Fact]
    public async Task A_replay_that_is_answered_as_one_is_closed_well_and_leaves_its_entry_without_a_proof()
    {
        foreach (var isReplay in new[] { false, true })
        {
            var entry = Open();
            Assert.Null(entry.Request.Proof);
            entry.Request.Proof = Use();
            Assert.True(entry.AppendIntent(isAwaited: true) && await entry.IntentDurable());
            Assert.Equal(isReplay, entry.IsReplay);
            Assert.True(await entry.CloseAsync(isReplay ? new CallEnd(Time, CallOutcome.Refused, ReasonCode.ProofInvalid, null, 1, 0) : Completed));
        }
    }

    private static CallEnd Completed => new(Time, CallOutcome.Completed, Code: null, UpstreamStatus: 200, Duration: 1, AnswerSize: 1);

    private static ProofUse Use() => new(OrganisationId.Default, Symbolon.Jose.Sha256Value.Of("proof"u8), Time);

    private CallEntry Open() => CallEntry.Open(pool, log, OrganisationId.Default, Time);
}

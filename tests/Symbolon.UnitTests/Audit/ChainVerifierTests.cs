using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Audit;

namespace Symbolon.UnitTests.Audit;

[Trait("area", "audit")]
public sealed class ChainVerifierTests
{
    private static readonly List<string> Lines = AuditEvents.Chain(Enumerable.Range(0, 30).Select(_ => AuditEvents.Full()));

    private static (ChainVerifier Verifier, ChainFault? Fault) Verify(params IEnumerable<string> lines)
    {
        var verifier = new ChainVerifier();
        foreach (var line in lines)
            if (verifier.Add(Encoding.UTF8.GetBytes(line)) is { } fault) return (verifier, fault);
        return (verifier, null);
    }

    [Fact]
    public void A_whole_chain_verifies_and_ends_with_its_head()
    {
        var (verifier, fault) = Verify(Lines);

        Assert.Null(fault);
        Assert.Equal((30, 1, 30), (verifier.Records, verifier.FirstSeq, verifier.LastSeq));
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(Lines[^1])), verifier.Hash);
    }

    [Fact]
    public void A_changed_byte_anywhere_before_the_head_is_found_and_in_the_last_record_changes_the_head()
    {
        var (whole, _) = Verify(Lines[..4]);
        var missed = new List<(int, int)>();
        for (var line = 0; line < 4; line++)
        {
            var bytes = Encoding.UTF8.GetBytes(Lines[line]);
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] ^= 1;
                var verifier = new ChainVerifier();
                var found = Enumerable.Range(0, 4).Any(at => verifier.Add(at == line ? bytes.ToArray() : Encoding.UTF8.GetBytes(Lines[at])) is not null);
                if (!found && verifier.Hash.SequenceEqual(whole.Hash)) missed.Add((line, i));
                bytes[i] ^= 1;
            }
        }
        Assert.Empty(missed);
    }

    [Fact]
    public void A_record_of_another_history_with_the_right_number_is_found()
    {
        var other = AuditEvents.Chain(Enumerable.Range(0, 30).Select(_ => AuditEvents.Of(AuditKind.Drift)));

        var (_, fault) = Verify(Lines.Take(10).Concat(other.Skip(10)));

        Assert.Equal((ChainFaultKind.Tampered, 11), (fault!.Kind, fault.Record));
    }

    [Fact]
    public void The_same_values_in_another_form_are_found()
    {
        var (_, fault) = Verify(Lines.Select((line, i) => i == 29 ? line.Replace(",\"seq\"", ", \"seq\"", StringComparison.Ordinal) : line));

        Assert.Equal((ChainFaultKind.Tampered, 30), (fault!.Kind, fault.Record));
    }

    [Fact]
    public void A_time_that_goes_back_is_found_even_where_all_hashes_are_made_anew()
    {
        var chain = new AuditChain(Symbolon.Core.Identity.OrganisationId.Default);
        var first = AuditEvents.Append(chain, AuditEvents.Of(AuditKind.Request), now: 2000);
        chain.MoveTo(1, 0, chain.Hash.ToArray());

        Assert.Contains("time", Verify(first, AuditEvents.Append(chain, AuditEvents.Of(AuditKind.Request), now: 1000)).Fault!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Intents_without_an_outcome_are_counted()
    {
        var (done, under) = (Guid.NewGuid(), Guid.NewGuid());

        var (verifier, fault) = Verify(AuditEvents.Chain(
            AuditEvents.Of(AuditKind.CallIntent, done), AuditEvents.Of(AuditKind.CallIntent, under),
            AuditEvents.Of(AuditKind.CallOutcome, done, CallOutcome.Completed)));

        Assert.Null(fault);
        Assert.Equal(1, verifier.OpenCalls);
    }

    [Fact]
    public void An_outcome_without_an_intent_is_found_but_one_after_unknown_is_not_wrong()
    {
        var call = Guid.NewGuid();
        var completed = AuditEvents.Of(AuditKind.CallOutcome, call, CallOutcome.Completed);
        var late = AuditEvents.Chain(AuditEvents.Of(AuditKind.CallIntent, call), AuditEvents.Of(AuditKind.CallOutcome, call, CallOutcome.Unknown), completed);

        Assert.Null(Verify(late).Fault);
        Assert.Null(Verify(late.Skip(2)).Fault);
        Assert.Equal(ChainFaultKind.Tampered, Verify(AuditEvents.Chain(completed)).Fault!.Kind);
    }

    [Fact]
    public void A_newer_schema_is_not_judged() =>
        Assert.Equal(ChainFaultKind.Unreadable, Verify(Lines[0].Replace("\"schema\":1", "\"schema\":2", StringComparison.Ordinal)).Fault!.Kind);
}

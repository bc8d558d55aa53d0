using System.Security.Cryptography;
using System.Text;
using Symbolon.Admin.Console.AuditPages;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Admin.Console;

/// <summary>What one page of the audit costs.</summary>
[Trait("area", "console")]
public sealed class AuditListingTests
{
    private readonly RecordingAudit audit = new();

    [Fact]
    public async Task A_page_looks_at_a_bounded_part_of_the_chain_says_where_it_stopped_and_leads_on_from_there()
    {
        Fill(1000, _ => "alice", seq => seq is 5 or 420 ? "refused" : "completed");
        var listing = new AuditListing(audit, new FakeClock(), lookAt: 300);
        var filter = new AuditFilter { Decision = "refused" };

        var first = await listing.ReadAsync(OrganisationId.Default, filter, CancellationToken.None);
        Assert.Empty(first.Entries);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(701), first.CutAt);
        var second = await listing.ReadAsync(OrganisationId.Default, filter with { Before = first.Older }, CancellationToken.None);
        Assert.Equal([420], second.Entries.Select(entry => entry.Seq));
        var third = await listing.ReadAsync(OrganisationId.Default, filter with { Before = second.Older }, CancellationToken.None);
        Assert.Empty(third.Entries);
        var last = await listing.ReadAsync(OrganisationId.Default, filter with { Before = third.Older }, CancellationToken.None);
        Assert.Equal([5], last.Entries.Select(entry => entry.Seq));
        Assert.Null(last.CutAt);
        Assert.Null(last.Older);
    }

    [Fact]
    public async Task A_page_looks_farther_where_the_store_knows_which_part_to_leave_out()
    {
        Fill(1000, seq => seq is 5 or 420 ? "bob" : "alice");
        var found = await new AuditListing(audit, new FakeClock(), lookAt: 50).ReadAsync(OrganisationId.Default, new AuditFilter { User = "bob" }, CancellationToken.None);
        Assert.Equal([420, 5], found.Entries.Select(entry => entry.Seq));
        Assert.Null(found.CutAt);
    }

    [Fact]
    public async Task A_page_that_is_full_reads_no_further_than_it_shows()
    {
        Fill(100_000, _ => "alice");
        var found = await new AuditListing(audit, new FakeClock()).ReadAsync(OrganisationId.Default, new AuditFilter(), CancellationToken.None);
        Assert.Equal(50, found.Entries.Count);
        Assert.Equal(99_951, found.Older);
        Assert.Null(found.CutAt);
        Assert.Single(audit.ReadsAfter);
    }

    [Fact]
    public async Task A_chain_without_a_record_is_an_empty_page()
    {
        var found = await new AuditListing(audit, new FakeClock()).ReadAsync(OrganisationId.Default, new AuditFilter { After = 7 }, CancellationToken.None);
        Assert.Empty(found.Entries);
        Assert.Null(found.Newer);
    }

    private void Fill(int count, Func<long, string> userOf, Func<long, string>? outcomeOf = null)
    {
        for (var seq = 1L; seq <= count; seq++)
        {
            var text = Encoding.UTF8.GetBytes($$"""{"event":{"kind":"request","outcome":"{{outcomeOf?.Invoke(seq) ?? "completed"}}","time":{{seq * 1_000_000}},"user":"{{userOf(seq)}}"},"prev":"","seq":{{seq}}}""");
            audit.Stored.Add(new StoredAuditRecord(seq, seq * 1_000_000, text, SHA256.HashData("x"u8)));
        }
    }
}

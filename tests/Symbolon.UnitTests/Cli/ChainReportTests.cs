using System.Security.Cryptography;
using System.Text;
using Symbolon.Cli.Auditing;

namespace Symbolon.UnitTests.Cli;

[Trait("area", "audit")]
public sealed class ChainReportTests
{
    [Fact]
    public async Task A_whole_chain_verifies_and_names_its_head()
    {
        var chain = Chain(5);

        var report = await VerifyAsync(chain);

        Assert.Equal((ChainVerdict.Verified, 5L, 1L, 5L), (report.Verdict, report.Records, report.FirstSeq, report.LastSeq));
        Assert.Equal(Hash(chain[4]), report.Hash);
    }

    [Fact]
    public async Task A_part_verifies_and_says_that_it_is_one()
    {
        var report = await VerifyAsync(Chain(5)[2..]);

        Assert.Equal((ChainVerdict.Verified, 3L), (report.Verdict, report.FirstSeq));
        Assert.Contains("before record 3 was not looked at", report.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_changed_record_is_found(int index)
    {
        var chain = Chain(5);
        chain[index] = chain[index].Replace("\"tool\":\"t\"", "\"tool\":\"u\"", StringComparison.Ordinal);

        var report = await VerifyAsync(chain);

        Assert.Equal(ChainVerdict.Tampered, report.Verdict);
        Assert.Contains($"line {index + 2}", report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_was_taken_out_put_in_or_moved_is_found()
    {
        var chain = Chain(5);

        Assert.Equal(ChainVerdict.Tampered, (await VerifyAsync([.. chain[..2], .. chain[3..]])).Verdict);
        Assert.Equal(ChainVerdict.Tampered, (await VerifyAsync([.. chain[..2], chain[1], .. chain[2..]])).Verdict);
        Assert.Equal(ChainVerdict.Tampered, (await VerifyAsync([chain[1], chain[0], .. chain[2..]])).Verdict);
    }

    [Fact]
    public async Task A_first_record_with_a_past_is_no_first_record()
    {
        var chain = Chain(2, previous: new string('a', 64));

        Assert.Equal(ChainVerdict.Tampered, (await VerifyAsync(chain)).Verdict);
    }

    [Fact]
    public async Task A_chain_that_was_cut_or_made_anew_does_not_hold_the_known_head()
    {
        var chain = Chain(5);
        var head = new KnownHead(5, Hash(chain[4]));

        Assert.Equal(ChainVerdict.Verified, (await VerifyAsync(chain, head)).Verdict);
        Assert.Equal(ChainVerdict.Verified, (await VerifyAsync(Chain(7), head)).Verdict);
        Assert.Equal(ChainVerdict.Tampered, (await VerifyAsync(chain[..4], head)).Verdict);
        Assert.Equal(ChainVerdict.Tampered, (await VerifyAsync(Chain(5, tool: "x"), head)).Verdict);
        Assert.Equal(ChainVerdict.Tampered, (await VerifyAsync(Chain(7), head with { Seq = null })).Verdict);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"seq":1}""")]
    [InlineData("""{"event":{},"organisation":"o","prev":"00","schema":1,"seq":1}""")]
    public async Task What_is_no_chain_proves_nothing(string text) =>
        Assert.Equal(ChainVerdict.Unreadable, (await VerifyAsync([text])).Verdict);

    [Fact]
    public async Task A_half_written_last_line_proves_nothing_about_itself()
    {
        var chain = Chain(3);

        var report = await VerifyAsync([.. chain[..2], chain[2][..40]]);

        Assert.Equal((ChainVerdict.Unreadable, 2L), (report.Verdict, report.Records));
    }

    [Fact]
    public async Task A_record_of_another_organisation_does_not_belong()
    {
        var chain = Chain(2);
        chain[1] = chain[1].Replace("\"organisation\":\"default\"", "\"organisation\":\"other\"", StringComparison.Ordinal);

        Assert.Equal(ChainVerdict.Tampered, (await VerifyAsync(chain)).Verdict);
    }

    [Fact]
    public async Task A_line_without_end_is_given_up()
    {
        var report = await ChainReport.OfAsync(new MemoryStream(new byte[5 * 1024 * 1024]), null, CancellationToken.None);

        Assert.Equal(ChainVerdict.Unreadable, report.Verdict);
    }

    private static Task<ChainReport> VerifyAsync(IEnumerable<string> records, KnownHead? known = null) =>
        ChainReport.OfAsync(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', records))), known, CancellationToken.None);

    private static string[] Chain(int length, string? previous = null, string tool = "t")
    {
        previous ??= new string('0', 64);
        var records = new string[length];
        for (var i = 0; i < length; i++)
        {
            records[i] = $$"""{"event":{"kind":"request","time":{{i}},"tool":"{{tool}}"},"organisation":"default","prev":"{{previous}}","recorded":{{i}},"schema":1,"seq":{{i + 1}}}""";
            previous = Hash(records[i]);
        }
        return records;
    }

    private static string Hash(string record) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(record)));
}

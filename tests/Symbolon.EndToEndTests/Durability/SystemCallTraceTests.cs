using Xunit;

namespace Symbolon.EndToEndTests.Durability;

/// <summary>That the reader of traces sees what it is there to see.</summary>
[Trait("area", "durability")]
public sealed class SystemCallTraceTests
{
    private const string Id = "0123456789abcdef0123456789abcdef";
    private const string Write = "11 pwrite64(23</d/symbolon.db-wal>, \"... 0123456789abcdef0123456789abcdef ...\"..., 4096, 32) = 4096";
    private const string Sync = "11 fdatasync(23</d/symbolon.db-wal>) = 0";
    private const string Send = "12 sendmsg(40<TCP:[127.0.0.1:5->127.0.0.1:6]>, \"POST ... marker\"...) = 500";

    [Fact]
    public void Written_synced_and_sent_is_right() => Assert.Null(new SystemCallTrace([Write, Sync, Send]).FaultOf(Id, "marker"));

    [Fact]
    public void A_sync_in_two_halves_counts_from_its_end()
    {
        const string Begun = "11 fdatasync(23</d/symbolon.db-wal> <unfinished ...>";
        const string Ended = "11 <... fdatasync resumed>) = 0";
        Assert.Null(new SystemCallTrace([Write, Begun, Ended, Send]).FaultOf(Id, "marker"));
        Assert.NotNull(new SystemCallTrace([Write, Begun, Send, Ended]).FaultOf(Id, "marker"));
    }

    [Theory]
    [InlineData(Write, Send, Sync)]
    [InlineData(Sync, Write, Send)]
    [InlineData(Send, Write, Sync)]
    [InlineData(Write, Send, "")]
    [InlineData(Sync, Send, "")]
    [InlineData(Write, "11 fdatasync(23</d/symbolon.db-wal>) = 0 (INJECTED)", Send)]
    [InlineData(Write, "11 fdatasync(23</d/symbolon.db-wal>) = -1 EIO (Input/output error)", Send)]
    [InlineData(Write, "11 fdatasync(24</d/symbolon.db>) = 0", Send)]
    public void Any_other_order_is_a_fault(string first, string second, string third) =>
        Assert.NotNull(new SystemCallTrace([first, second, third]).FaultOf(Id, "marker"));
}

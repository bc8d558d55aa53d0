using System.Text;
using Symbolon.Core.Registry;
using Symbolon.Gateway.Upstreams.Stdio;
using Symbolon.Gateway.Upstreams.Supervision;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Gateway.Channels;

[Trait("area", "channels")]
public sealed class StdioPartsTests
{
    private readonly FakeClock clock = new();

    [Fact]
    public void Error_lines_are_cut_and_cleaned_of_control_characters()
    {
        var written = new List<string>();
        var lines = new ErrorLines(written.Add, clock);
        lines.Take(Encoding.UTF8.GetBytes("\u001b[31mred\u001b[0m\a and \u202eright\u2028to left\r\n" + new string('x', 5000) + "\n\nlast"));
        lines.Finish();
        Assert.Equal([" [31mred [0m  and  right to left", new string('x', 1000) + " ...", "last"], written);
    }

    [Fact]
    public void An_error_line_with_a_secret_is_left_out_also_where_it_would_be_cut_in_two()
    {
        var written = new List<string>();
        var lines = new ErrorLines(written.Add, clock, "plain-words");
        lines.Take(Encoding.UTF8.GetBytes($"starting\nmy key is plain-words!\n{new string('x', 995)}plain-words\nAuthorization: Bearer abcdefgh\n{new string('x', 995)}plain-w\n"));
        const string leftOut = "(a line with a secret was left out)";
        Assert.Equal(["starting", leftOut, leftOut, leftOut, new string('x', 995) + "plain ..."], written);
    }

    [Fact]
    public void More_error_lines_than_a_log_can_take_are_counted_instead()
    {
        var written = new List<string>();
        var lines = new ErrorLines(written.Add, clock);
        for (var i = 0; i < 10_000; i++) lines.Take("again\n"u8);
        Assert.Equal(50, written.Count);
        clock.Advance(TimeSpan.FromSeconds(10));
        lines.Take("later\n"u8);
        Assert.Equal(["(9950 lines were left out)", "later"], written[50..]);
    }

    [Fact]
    public void What_a_process_does_not_read_waits_up_to_a_bound()
    {
        var queue = new SendQueue(100, clock);
        Assert.True(queue.TryAdd(new byte[60]));
        Assert.False(queue.TryAdd(new byte[60]));
        Assert.True(queue.TryAdd(new byte[40]));
        Assert.True(queue.TryTake(out var first));
        Assert.Equal(60, first.Length);
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(TimeSpan.FromSeconds(31), queue.WritingFor);
        Assert.True(queue.TryTake(out _));
        // One alone may be larger: the limits of requests are asked elsewhere.
        Assert.True(queue.TryAdd(new byte[200]));
    }

    [Fact]
    public void A_closed_queue_takes_and_gives_nothing()
    {
        var queue = new SendQueue(100, clock);
        Assert.True(queue.TryAdd(new byte[60]));
        queue.Close();
        Assert.False(queue.TryTake(out _));
        Assert.False(queue.TryAdd(new byte[1]));
    }

    [Fact]
    public void An_order_is_read_as_it_was_written_and_no_argument_means_anything()
    {
        var order = new SupervisorOrder { Owner = 17, Memory = 1 << 30, Cpu = 60, Processes = 9, Total = 1 << 29, Folder = "/srv/a b", Command = ["/usr/bin/node", "--", "a b", "; rm -rf /", "$(id)", "", "stdio-supervisor"] };
        var pins = new[] { new PinnedFile { Path = "/usr/bin/node", Target = "/opt/node", Digest = "sha256:1" }, new PinnedFile { Path = "/srv/; rm", Target = "/srv/; rm", Digest = "sha256:2" } };
        foreach (var written in new[] { order, order with { Digests = [.. pins] } })
        {
            var read = SupervisorOrder.Read([.. written.ToArguments()])!;
            Assert.Equal((17, 1L << 30, 60L, 9L, 1L << 29, "/srv/a b"), (read.Owner, read.Memory, read.Cpu, read.Processes, read.Total, read.Folder));
            Assert.Equal(written.Command, read.Command);
            Assert.Equal(written.Digests.AsEnumerable(), read.Digests);
            var address = read.ToAddress();
            Assert.Equal(("/usr/bin/node", "/srv/a b"), (address.Command, address.Cwd));
            Assert.Equal(written.Command.Skip(1), address.Args);
        }
    }

    [Theory]
    [InlineData()]
    [InlineData("1", "0", "0", "0", "0")]
    [InlineData("1", "0", "0", "0", "0", "/", "0", "node")]
    [InlineData("1", "0", "0", "0", "0", "/", "0", "./node")]
    [InlineData("1", "0", "0", "0", "0", "/", "0")]
    [InlineData("1", "0", "0", "0", "0", "srv", "0", "/usr/bin/node")]
    [InlineData("0", "0", "0", "0", "0", "/", "0", "/usr/bin/node")]
    [InlineData("1", "0", "0", "-1", "0", "/", "0", "/usr/bin/node")]
    [InlineData("1", "0", "0", "/", "0", "/usr/bin/node")]
    [InlineData("-1", "0", "0", "0", "0", "/", "0", "/usr/bin/node")]
    [InlineData("x", "0", "0", "0", "0", "/", "0", "/usr/bin/node")]
    [InlineData("4294967297", "0", "0", "0", "0", "/", "0", "/usr/bin/node")]
    [InlineData("1", "0", "0", "0", "0", "/", "1", "/usr/bin/node")]
    [InlineData("1", "0", "0", "0", "0", "/", "1", "/a", "/a", "sha256:1")]
    [InlineData("1", "0", "0", "0", "0", "/", "4611686018427387904", "/usr/bin/node")]
    public void What_is_no_order_is_none(params string[] arguments) => Assert.Null(SupervisorOrder.Read(arguments));
}

using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Core.Registry;
using Symbolon.Gateway.Upstreams.Runner;
using Symbolon.Gateway.Upstreams.Supervision;

namespace Symbolon.UnitTests.Gateway.Channels;

[Trait("area", "stdio")]
public sealed class RunnerOrderTests
{
    private static readonly UpstreamAddress.Stdio Address = new()
    {
        Command = "/bin/sh",
        Args = ["/srv/a.sh", "; $(x)"],
        Env = UpstreamAddressEnv("LEVEL", "info"),
        Cwd = "/srv",
        Digests = [new PinnedFile { Path = "/bin/sh", Target = "/usr/bin/dash", Digest = "sha256:" + new string('a', 64) }],
    };

    [Fact]
    public void An_order_arrives_as_it_was_sent()
    {
        var read = RunnerOrder.Read(Order().ToJson())!;
        Assert.Equal(("sh", "KEY", "s3cret", 5, 7), (read.Server, read.Credential!.Value.Name, read.Credential.Value.Value, read.Memory, read.Cpu));
        var order = read.ToSupervisor(17);
        Assert.Equal((17, 5L, 7L, 9L, 11L), (order.Owner, order.Memory, order.Cpu, order.Processes, order.Total));
        Assert.Equal([Address.Command, .. Address.Args], order.Command);
        var address = read.ToAddress();
        Assert.Equal((Address.Command, Address.Cwd), (address.Command, address.Cwd));
        Assert.Equal(Address.Args, address.Args);
        Assert.Equal(Address.Env, address.Env);
        Assert.Equal(Address.Digests, address.Digests);
    }

    [Theory]
    [InlineData("command", "\"sh\"")]
    [InlineData("command", "null")]
    [InlineData("command", "\"/bin/sh\\u0000x\"")]
    [InlineData("cwd", "\"srv\"")]
    [InlineData("args", "null")]
    [InlineData("args", "[null]")]
    [InlineData("args", "[\"a\\u0000\"]")]
    [InlineData("env", "{\"LD_PRELOAD\":\"/x.so\"}")]
    [InlineData("env", "{\"A\":null}")]
    [InlineData("env", "null")]
    [InlineData("secretName", "\"NODE_OPTIONS\"")]
    [InlineData("secretName", null)]
    [InlineData("secret", null)]
    [InlineData("digests", "null")]
    [InlineData("digests", "[null]")]
    [InlineData("digests", "[{\"path\":\"/a\"}]")]
    [InlineData("memory", "-1")]
    [InlineData("processes", "-1")]
    [InlineData("total", "-1")]
    [InlineData("server", "\"a\\nb\"")]
    [InlineData("server", "\"\"")]
    [InlineData("server", null)]
    [InlineData("command", null)]
    [InlineData("more", "1")]
    public void What_no_registration_may_ask_for_is_no_order(string member, string? value)
    {
        var order = JsonNode.Parse(Order().ToJson())!.AsObject();
        order.Remove(member);
        if (value is not null) order[member] = JsonNode.Parse(value);
        Assert.Null(RunnerOrder.Read(Encoding.UTF8.GetBytes(order.ToJsonString())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    public void What_is_no_object_is_no_order(string json) => Assert.Null(RunnerOrder.Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_member_twice_is_no_order()
    {
        var text = Encoding.UTF8.GetString(Order().ToJson());
        Assert.Null(RunnerOrder.Read(Encoding.UTF8.GetBytes(text[..^1] + ",\"command\":\"/bin/rm\"}")));
    }

    [Fact]
    public void An_order_over_the_limit_is_none() =>
        Assert.Null(RunnerOrder.Read((Order() with { Secret = new string('x', RunnerOrder.MostBytes) }).ToJson()));

    [Fact]
    public async Task A_frame_is_read_up_to_its_limit_and_no_further()
    {
        using var stream = new MemoryStream();
        await Frame.WriteAsync(stream, [1, 2, 3], TestContext.Current.CancellationToken);
        stream.Position = 0;
        Assert.Equal([1, 2, 3], (await Frame.ReadAsync(stream, 3, TestContext.Current.CancellationToken))!);
        stream.Position = 0;
        Assert.Null(await Frame.ReadAsync(stream, 2, TestContext.Current.CancellationToken));
        using var negative = new MemoryStream([0xFF, 0, 0, 0, 1]);
        Assert.Null(await Frame.ReadAsync(negative, 3, TestContext.Current.CancellationToken));
        using var cut = new MemoryStream([0, 0, 0, 3, 1]);
        await Assert.ThrowsAsync<EndOfStreamException>(() => Frame.ReadAsync(cut, 3, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_runner_can_raise_the_alarm_over_files_of_that_server_alone()
    {
        Assert.True(new RunnerFault { Code = "file_changed", Path = "/bin/sh" }.IsOf(Address));
        Assert.False(new RunnerFault { Code = "file_changed", Path = "/etc/passwd" }.IsOf(Address));
        Assert.False(new RunnerFault { Code = "anything", Path = "/bin/sh" }.IsOf(Address));
    }

    private static RunnerOrder Order() => RunnerOrder.For(
        "sh", Address, ("KEY", "s3cret"), new SupervisorOrder { Owner = 3, Memory = 5, Cpu = 7, Processes = 9, Total = 11, Folder = "/not/taken", Command = ["/not/taken"] });

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> UpstreamAddressEnv(string name, string value) =>
        System.Collections.Immutable.ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(name, value);
}

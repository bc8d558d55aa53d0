using System.Collections.Immutable;
using Symbolon.Core.Audit;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.UnitTests.Gateway;

/// <summary>What of a call's arguments comes into the record: nothing, unless the server's file says which.</summary>
[Trait("area", "audit")]
public sealed class RecordedArgumentsTests : IDisposable
{
    private const string Arguments = """{"namespace":"prod","note":"Bearer abcdefgh","token":"hunter2"}""";

    private readonly GatewayRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task By_default_no_argument_is_recorded()
    {
        await rig.CallAsync("rollout_status", Arguments);
        Assert.All(rig.Audit.Records, record => Assert.Null(record.Arguments));
        Assert.NotEqual("", rig.Audit.Records[0].Hmac);
    }

    [Fact]
    public async Task The_intent_has_the_named_arguments_redacted_and_the_outcome_has_none()
    {
        Record(RecordedContent.Arguments, ["namespace", "note"]);
        await rig.CallAsync("rollout_status", Arguments);
        Assert.Equal([AuditKind.CallIntent, AuditKind.CallOutcome], rig.Audit.Records.Select(record => record.Kind));
        Assert.Equal("""{"redacted":2,"value":{"namespace":"prod","note":"[redacted]"}}""", rig.Audit.Records[0].Arguments);
        Assert.Null(rig.Audit.Records[1].Arguments);
        Assert.Contains(Arguments, Assert.Single(rig.Upstream.Calls).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_recorded_of_one_call_is_not_in_the_record_of_the_next()
    {
        Record(RecordedContent.Arguments, ["namespace"]);
        await rig.CallAsync("rollout_status", Arguments);
        await rig.CallAsync("delete_release", """{"release":"v1"}""");
        await rig.PostAsync("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"rollout_status"}}""");
        Assert.Equal(1, rig.Audit.Records.Count(record => record.Arguments is not null));
        Assert.Equal(3, rig.Audit.Records.Count(record => record.Kind == AuditKind.CallIntent));
    }

    [Theory]
    [InlineData(RecordedContent.None, ToolFlags.None, "namespace")]
    [InlineData(RecordedContent.Arguments, ToolFlags.Sensitive, "namespace")]
    [InlineData(RecordedContent.Arguments, ToolFlags.None, null)]
    public async Task Nothing_is_recorded_unless_server_and_tool_say_so_and_never_of_a_sensitive_tool(RecordedContent content, ToolFlags flags, string? name)
    {
        Record(content, name is null ? [] : [name], flags);
        Assert.Equal(200, (await rig.CallAsync("rollout_status", Arguments)).Status);
        Assert.Equal(2, rig.Audit.Records.Count);
        Assert.All(rig.Audit.Records, record => Assert.Null(record.Arguments));
    }

    [Fact]
    public async Task A_refused_call_is_recorded_under_the_same_rule()
    {
        Record(RecordedContent.Arguments, ["namespace"]);
        rig.Apply(GatewayRig.Grant("delete_release"));
        await rig.CallAsync("rollout_status", Arguments);
        var intent = rig.Audit.Records[0];
        Assert.Equal((false, """{"redacted":2,"value":{"namespace":"prod"}}"""), (intent.Allowed, intent.Arguments));
        Assert.Empty(rig.Upstream.Calls);
    }

    [Fact]
    public async Task Arguments_of_an_unknown_tool_are_not_recorded()
    {
        Record(RecordedContent.Arguments, ["namespace"]);
        await rig.CallAsync("no_such_tool", Arguments);
        Assert.All(rig.Audit.Records, record => Assert.Null(record.Arguments));
    }

    private void Record(RecordedContent content, ImmutableArray<string> names, ToolFlags flags = ToolFlags.None) =>
        rig.Apply(GatewayRig.Server(manifest => manifest with
        {
            Content = content,
            Tools = [.. manifest.Tools.Select(tool => tool.Name.Value == "rollout_status" ? tool with { RecordedArguments = names, Flags = flags } : tool)],
        }, number: 2));
}

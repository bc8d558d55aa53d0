using Symbolon.Core.Audit;
using Symbolon.Gateway.ToolCalls;

namespace Symbolon.UnitTests.Gateway;

/// <summary>A store that refuses half a character must not be shown one: with it, it would refuse everybody's records.</summary>
[Trait("area", "gateway")]
public sealed class RecordedTextTests
{
    private static readonly string Long = new('a', 127);

    public static TheoryData<string, string> Texts => new()
    {
        { "deploy", "deploy" },
        { Long + "bc", Long + "b" },
        { Long + "\U0001F600", Long },
        { Long[1..] + "\U0001F600", Long[1..] + "\U0001F600" },
        { "\U0001F600", "\U0001F600" },
        { "a\uD83D", "a\uFFFD" },
        { "\uDE00a", "\uFFFDa" },
        { "a\0b", "a\uFFFDb" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_is_cut_between_characters_and_holds_no_half_ones(string text, string recorded) => Assert.Equal(recorded, RecordedText.Of(text));

    [Fact]
    public async Task Names_that_a_caller_makes_up_are_recorded_whole_characters_only()
    {
        using var rig = new GatewayRig();
        await rig.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", context => context.Request.RouteValues["server"] = Long + "\U0001F600");
        await rig.CallAsync(Long + "\\ud83d\\ude00");
        await rig.PostAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + Long + "\U0001F600\"}");
        Assert.Equal(Long, rig.Audit.Records[0].Server);
        Assert.All(rig.Audit.Records.Where(record => record.Kind is AuditKind.CallIntent or AuditKind.CallOutcome), record => Assert.Equal(Long, record.Tool));
        Assert.Contains(rig.Audit.Records, record => record.Method == Long);
    }

    [Fact]
    public async Task A_verb_without_end_is_recorded_short()
    {
        using var rig = new GatewayRig();
        await rig.SendAsync(new string('X', 8000), []);
        Assert.Equal(128, Assert.Single(rig.Audit.Records).Method!.Length);
    }
}

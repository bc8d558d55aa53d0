using Symbolon.Admin.Console.AuditPages;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;

namespace Symbolon.UnitTests.Admin.Console;

[Trait("area", "console")]
public sealed class ChainNodeTests
{
    private static readonly UpstreamCredential.Static Key = new() { Header = "X-Api-Key", Secret = "shop-key" };

    [Fact]
    public void A_call_that_may_have_reached_the_server_ends_at_an_API_that_nobody_reported()
    {
        var nodes = ChainNode.Of(new AuditEntry(Line("call_outcome"), Line("call_intent") with { Allowed = true }), Manifest(Key));
        Assert.Equal(["alice@example.com", "release-bot", "Symbolon", "shop", "API: not reported"], nodes.Select(node => node.Name));
        Assert.Equal(["person", "agent", "gateway", "server", "api"], nodes.Select(node => node.Icon));
        Assert.Equal([null, "token tok_1", "now secret shop-key in X-Api-Key", "not seen by Symbolon", null], nodes.Select(node => node.Credential));
        Assert.Equal("unknown", nodes[^1].Form);
    }

    [Fact]
    public void A_server_without_a_secret_is_shown_none_and_of_one_that_is_gone_only_that_much_is_known()
    {
        var entry = new AuditEntry(Line("call_outcome"), Line("call_intent") with { Allowed = true });
        Assert.Equal("no credential", ChainNode.Of(entry, Manifest(new UpstreamCredential.None()))[2].Credential);
        Assert.Equal(("not the caller's token", "server"), (ChainNode.Of(entry, null)[2].Credential, ChainNode.Of(entry, null)[3].Kind));
    }

    [Fact]
    public void What_the_tool_was_approved_to_need_stands_where_the_API_would()
    {
        var manifest = Manifest(Key) with
        {
            Tools = [new ManifestTool { Name = new ToolName("change"), Effect = Effect.Write, Needs = [new ResourceNeed(["read", "write"], ResourcePattern.Parse("shop/orders/*", out _)!)] }],
        };
        var entry = new AuditEntry(Line("call_outcome"), Line("call_intent") with { Allowed = true });
        Assert.Equal(("API: not reported", "now approved for read:shop/orders/* and 1 more"), (ChainNode.Of(entry, manifest)[^1].Name, ChainNode.Of(entry, manifest)[^1].Kind));
    }

    [Fact]
    public void A_refused_call_ends_at_the_gateway_and_says_nothing_of_an_API()
    {
        var nodes = ChainNode.Of(new AuditEntry(Line("call_outcome") with { Outcome = "refused", Code = "not_granted" }, Line("call_intent") with { Allowed = false, Code = "not_granted" }), Manifest(Key));
        Assert.Equal("shop", nodes[^1].Name);
        Assert.Equal((true, "nothing was sent"), (nodes[2].IsCut, nodes[2].Credential));
    }

    private static ServerManifest Manifest(UpstreamCredential credential) =>
        new() { Owner = "shop@example.com", Upstream = new UpstreamAddress.Http { Url = new Uri("https://shop.example.com/mcp") }, Credential = credential };

    private static AuditLine Line(string kind) => new()
    {
        Seq = 1, Recorded = default, At = default, Text = "", Hash = "", Previous = "", Kind = kind, User = "alice@example.com", Agent = "release-bot", Token = "tok_1", Server = "shop", Tool = "change",
    };
}

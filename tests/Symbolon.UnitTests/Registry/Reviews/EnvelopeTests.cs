using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Registry.Changes;

namespace Symbolon.UnitTests.Registry.Reviews;

/// <summary>What of a changed file is live at once, and what waits. DESIGN.md section 1, Envelope.</summary>
[Trait("area", "reviews")]
public sealed class EnvelopeTests
{
    private readonly RegistryDesk desk = new();

    [Fact]
    public async Task A_change_of_needs_inside_the_envelope_serves_at_once_and_opens_no_review()
    {
        await ApprovedAsync(Tool("look", needs: Need("read", "docs/*")));
        var applied = await PlannedAsync(Tool("look", needs: Need("read", "docs/readme")));
        Assert.Equal((ApplyAction.Updated, 2, 2, null), (applied.Action, applied.Version, applied.Live, applied.Review));
        Assert.True(applied.Union!.IsInside);
        Assert.Equal(["read:docs/*"], applied.Union.Removed);
        await ApplyAsync(Tool("look", needs: Need("read", "docs/readme")));
        var server = desk.Find("shop");
        Assert.Equal((2, null, 1), (server.Approved!.Number, server.Pending, server.Approved.InEnvelopeOf));
        Assert.Null(server.Approved.ApprovedBy);
        Assert.Equal("docs/readme", server.Approved.Manifest.Tools[0].Needs[0].Resource.Text);
    }

    [Fact]
    public async Task What_was_narrowed_may_be_widened_again_as_far_as_the_envelope()
    {
        await ApprovedAsync(Tool("look", needs: Need("read", "docs/*")));
        await ApplyAsync(Tool("look", needs: Need("read", "docs/readme")));
        Assert.Equal("Server/shop Updated 3", await ApplyAsync(Tool("look", needs: Need("read", "docs/*"))));
        Assert.Equal("Server/shop Pending 4", await ApplyAsync(Tool("look", needs: Need("read", "docs/**"))));
        Assert.Equal("docs/*", desk.Find("shop").Approved!.Manifest.Tools[0].Needs[0].Resource.Text);
    }

    [Fact]
    public async Task A_tool_may_say_more_inside_the_union_but_not_another_thing_instead()
    {
        const string Wipe = ""","needs":[{"actions":["delete"],"resource":"docs/*"}]""";
        await ApprovedAsync(Tool("look", needs: Need("read", "docs/*")), Tool("wipe", "irreversible", Wipe));
        // A token that is limited to reading would be let through to what deletes.
        Assert.Equal("Server/shop Pending 2", await ApplyAsync(Tool("look", needs: Need("read", "docs/*")), Tool("wipe", "irreversible", Need("read", "docs/*"))));
        Assert.Equal("Server/shop Pending 3", await ApplyAsync(Tool("look", needs: Need("read", "docs/*")), Tool("wipe", "irreversible")));
        Assert.Equal("Server/shop Updated 4", await ApplyAsync(Tool("look", needs: ""","needs":[{"actions":["read"],"resource":"docs/*"},{"actions":["delete"],"resource":"docs/old"}]"""), Tool("wipe", "irreversible", Wipe)));
    }

    [Fact]
    public async Task A_resource_in_the_place_of_an_argument_waits()
    {
        const string Tool = """{"name":"look","effect":"read","inputSchema":{"type":"object","properties":{"at":{"type":"string"}}},"needs":[{"actions":["read"],"resource":"docs/#"}]}""";
        await ApprovedAsync(Tool.Replace("#", "{at}", StringComparison.Ordinal));
        Assert.Equal("Server/shop Pending 2", await ApplyAsync(Tool.Replace("#", "public", StringComparison.Ordinal)));
        Assert.Equal("Server/shop Updated 3", await ApplyAsync(Tool.Replace("#", "*", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Outside_the_envelope_only_the_new_and_the_changed_tools_wait()
    {
        await ApprovedAsync(Tool("look", needs: Need("read", "docs/*")), Tool("old"), Tool("turn"));
        var applied = await PlannedAsync(Tool("look", needs: Need("read", "docs/a")), Tool("turn", needs: Need("write", "world/**")), Tool("fresh"));
        Assert.Equal((ApplyAction.Pending, 3, 2, "shop.2"), (applied.Action, applied.Version, applied.Live, applied.Review?.ToString()));
        Assert.Equal(["spec.tools[turn].needs", "spec.tools[fresh]"], applied.Waiting.Select(part => part.Path));
        Assert.Contains("write:world/**, which is outside the envelope", applied.Waiting[0].Why, StringComparison.Ordinal);
        await ApplyAsync(Tool("look", needs: Need("read", "docs/a")), Tool("turn", needs: Need("write", "world/**")), Tool("fresh"));
        var serving = desk.Find("shop").Approved!.Manifest.Tools;
        // The one that went is gone at once, the narrowed one is narrowed, the others are as they were.
        Assert.Equal(["look", "turn"], serving.Select(tool => tool.Name.Value));
        Assert.Equal("docs/a", serving[0].Needs[0].Resource.Text);
        Assert.Empty(serving[1].Needs);
    }

    [Theory]
    [InlineData("""{"name":"look","effect":"write"}""", "spec.tools[look].effect")]
    [InlineData("""{"name":"look","effect":"read","description":"other"}""", "spec.tools[look].description")]
    [InlineData("""{"name":"look","effect":"read","inputSchema":{"type":"object"}}""", "spec.tools[look].inputSchema")]
    [InlineData("""{"name":"look","effect":"read","annotations":{"readOnlyHint":true}}""", "spec.tools[look].annotations")]
    [InlineData("""{"name":"look","effect":"read","digests":{"modern":"sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}}""", "spec.tools[look].digests")]
    public async Task Another_definition_or_class_of_a_tool_waits_whatever_it_needs(string tool, string path)
    {
        await ApprovedAsync("""{"name":"look","effect":"read"}""");
        var applied = await PlannedAsync(tool);
        Assert.Equal(ApplyAction.Pending, applied.Action);
        Assert.Equal(path, Assert.Single(applied.Waiting).Path);
        Assert.Null(applied.Live);
    }

    [Fact]
    public async Task A_flag_more_is_live_at_once_and_a_flag_less_waits()
    {
        await ApprovedAsync("""{"name":"look","effect":"read","flags":["executes"]}""");
        Assert.Equal("Server/shop Updated 2", await ApplyAsync("""{"name":"look","effect":"read","flags":["executes","sensitive"]}"""));
        Assert.Equal("Server/shop Pending 3", await ApplyAsync("""{"name":"look","effect":"read","flags":["sensitive"]}"""));
    }

    [Fact]
    public async Task A_constraint_where_there_was_none_is_live_at_once_and_another_one_or_none_waits()
    {
        const string Tool = """{"name":"look","effect":"read","inputSchema":{"type":"object","properties":{"at":{"type":"string"}}}#}""";
        await ApprovedAsync(Tool.Replace("#", "", StringComparison.Ordinal));
        Assert.Equal("Server/shop Updated 2", await ApplyAsync(With("checkout")));
        Assert.Equal("Server/shop Pending 3", await ApplyAsync(With("payments")));
        Assert.Equal("Server/shop Pending 4", await ApplyAsync(Tool.Replace("#", "", StringComparison.Ordinal)));

        static string With(string value) => Tool.Replace("#", $$$""","arguments":{"properties":{"at":{"const":"{{{value}}}"}},"required":["at"]}""", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_address_waits()
    {
        await ApprovedAsync(Tool("look"));
        var document = RegistryDesk.Server("shop", Tool("look")).Replace(":7001", ":7002", StringComparison.Ordinal);
        Assert.Equal("Server/shop Pending 2", await desk.ApplyAsync(document));
        Assert.Contains(":7001", desk.Find("shop").Approved!.Manifest.Upstream.Endpoint!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_says_what_serves_takes_back_what_waits()
    {
        await ApprovedAsync(Tool("look"));
        await ApplyAsync(Tool("look"), Tool("more"));
        Assert.Equal("Server/shop Updated 1", await ApplyAsync(Tool("look")));
        Assert.Null(desk.Find("shop").Pending);
        Assert.Equal(ReviewState.Superseded, (await ReviewAsync("shop.2")).State);
        // The number of what was taken back is not used again.
        Assert.Equal("Server/shop Pending 3", await ApplyAsync(Tool("look"), Tool("other")));
    }

    [Fact]
    public async Task Another_file_takes_the_place_of_what_waits_and_of_its_review()
    {
        await ApprovedAsync(Tool("look"));
        await ApplyAsync(Tool("look"), Tool("more"));
        await ApplyAsync(Tool("look"), Tool("most"));
        Assert.Equal((ReviewState.Superseded, ReviewState.Open), ((await ReviewAsync("shop.2")).State, (await ReviewAsync("shop.3")).State));
        Assert.Equal(3, desk.Find("shop").PendingReview);
    }

    [Fact]
    public async Task Approving_makes_the_union_of_the_version_the_envelope()
    {
        await ApprovedAsync(Tool("look", needs: Need("read", "docs/*")));
        await ApplyAsync(Tool("look", needs: Need("read", "**")));
        await desk.ApproveAsync("shop", 2);
        Assert.Equal("read:**", desk.Find("shop").EnvelopeSet().ToString());
        Assert.Equal("Server/shop Updated 3", await ApplyAsync(Tool("look", needs: Need("read", "anything/at/all"))));
    }

    [Fact]
    public async Task A_version_says_where_its_file_came_from_and_so_does_the_record()
    {
        var source = new SourceCommit("4f3c2a1", "ann@example.com");
        using var document = System.Text.Json.JsonDocument.Parse(RegistryDesk.Server("shop", Tool("look")));
        await desk.Applier.ApplyAsync(RegistryDesk.Ann, [document.RootElement], new ApplyOrder(Reason: "first", Source: source), CancellationToken.None);
        Assert.Equal(source, desk.Find("shop").Pending!.Source);
        Assert.Equal(source, (await ReviewAsync("shop.1")).Source);
        Assert.Contains(desk.Store.Committed, record => record.Reason == "first (commit 4f3c2a1 by ann@example.com)");
    }

    [Fact]
    public async Task A_credential_of_a_shorter_life_serves_at_once_and_a_longer_one_or_another_api_waits()
    {
        await desk.ApplyAsync(Exchanging("https://a.example.com", "1h"));
        await desk.ApproveAsync("shop", 1);
        Assert.Equal("Server/shop Updated 2", await desk.ApplyAsync(Exchanging("https://a.example.com", "30m")));
        Assert.Equal(new UpstreamCredential.Exchange { Audience = "https://a.example.com", TtlSeconds = 1800 }, desk.Find("shop").Approved!.Manifest.Credential);
        Assert.Equal("Server/shop Pending 3", await desk.ApplyAsync(Exchanging("https://a.example.com", "2h")));
        // What of it is harmless serves, the other API waits.
        Assert.Equal("Server/shop Pending 5", await desk.ApplyAsync(Exchanging("https://b.example.com", "10m")));
        Assert.Equal(new UpstreamCredential.Exchange { Audience = "https://a.example.com", TtlSeconds = 600 }, desk.Find("shop").Approved!.Manifest.Credential);
        Assert.Equal("Server/shop Pending 6", await desk.ApplyAsync(RegistryDesk.Server("shop", Tool("look"))));
    }

    [Fact]
    public async Task Telling_a_server_who_asks_waits_for_reviewers_and_so_does_telling_it_no_more()
    {
        await ApprovedAsync(Tool("look"));
        var telling = RegistryDesk.Server("shop", Tool("look")).Replace("\"url\":", "\"identity\":{\"header\":\"X-Who\"},\"url\":", StringComparison.Ordinal);
        Assert.Equal("Server/shop Pending 2", await desk.ApplyAsync(telling));
        Assert.Null(desk.Find("shop").Approved!.Manifest.IdentityHeader);
        await desk.ApproveAsync("shop", 2);
        Assert.Equal("X-Who", desk.Find("shop").Approved!.Manifest.IdentityHeader);
        Assert.Equal("Server/shop Pending 3", await ApplyAsync(Tool("look")));
        Assert.Equal("X-Who", desk.Find("shop").Approved!.Manifest.IdentityHeader);
    }

    [Fact]
    public async Task Asking_clients_for_more_waits_for_reviewers_and_asking_for_less_serves_at_once()
    {
        await ApprovedAsync(Tool("look", needs: Need("read", "docs/*")));
        var planned = Assert.Single(Assert.IsType<Core.Changes.Result<System.Collections.Immutable.ImmutableArray<AppliedDocument>>.Done>(
            await desk.TryApplyAsync(RegistryDesk.Ann, dryRun: true, Asking("roots", "docs/readme"))).Value);
        Assert.Equal(("spec.clientFeatures", "it would ask more of clients"), (Assert.Single(planned.Waiting).Path, planned.Waiting[0].Why));
        // The needs are inside the envelope and serve at once.
        Assert.Equal("Server/shop Pending 3", await desk.ApplyAsync(Asking("roots", "docs/readme")));
        Assert.Equal((ClientFeatures.None, "docs/readme"), (desk.Find("shop").Approved!.Manifest.ClientFeatures, desk.Find("shop").Approved!.Manifest.Tools[0].Needs[0].Resource.Text));
        await desk.ApproveAsync("shop", 3);
        Assert.Equal(ClientFeatures.Roots, desk.Find("shop").Approved!.Manifest.ClientFeatures);
        // Another one in its place: the one that is left out is gone at once, the new one waits.
        Assert.Equal("Server/shop Pending 5", await desk.ApplyAsync(Asking("sampling", "docs/readme")));
        Assert.Equal(ClientFeatures.None, desk.Find("shop").Approved!.Manifest.ClientFeatures);
        Assert.Equal("Server/shop Updated 4", await ApplyAsync(Tool("look", needs: Need("read", "docs/readme"))));

        static string Asking(string feature, string resource) => RegistryDesk.Server("shop", Tool("look", needs: Need("read", resource)), credential: $$""" "clientFeatures":["{{feature}}"],""");
    }

    private static string Exchanging(string audience, string ttl) =>
        RegistryDesk.Server("shop", Tool("look"), credential: $$""" "credential":{"mode":"exchange","audience":"{{audience}}","ttl":"{{ttl}}"},""");

    private async Task ApprovedAsync(params string[] tools)
    {
        await ApplyAsync(tools);
        await desk.ApproveAsync("shop", 1);
    }

    private Task<string> ApplyAsync(params string[] tools) => desk.ApplyAsync(RegistryDesk.Server("shop", string.Join(',', tools)));

    private async Task<AppliedDocument> PlannedAsync(params string[] tools) =>
        Assert.Single(Assert.IsType<Core.Changes.Result<System.Collections.Immutable.ImmutableArray<AppliedDocument>>.Done>(
            await desk.TryApplyAsync(RegistryDesk.Ann, dryRun: true, RegistryDesk.Server("shop", string.Join(',', tools)))).Value);

    private async Task<Review> ReviewAsync(string name)
    {
        Assert.True(ReviewName.TryParse(name, out var wanted));
        return (await desk.Store.FindAsync(Core.Identity.OrganisationId.Default, wanted, CancellationToken.None))!;
    }

    private static string Tool(string name, string effect = "read", string needs = "") => $$"""{"name":"{{name}}","effect":"{{effect}}"{{needs}}}""";

    private static string Need(string action, string resource) => $$""","needs":[{"actions":["{{action}}"],"resource":"{{resource}}"}]""";
}

using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Outbound;
using Symbolon.Core.Registry;
using Symbolon.Registry.Servers;

namespace Symbolon.UnitTests.Registry;

[Trait("area", "registry")]
public sealed class ServerLifecycleTests
{
    /// <summary>A change that waits for its review.</summary>
    private const string Other = """{"name":"look","effect":"write"}""";

    private static readonly ServerName Shop = new("shop");
    private readonly RegistryDesk desk = new();

    [Fact]
    public async Task An_approval_must_name_the_version_that_waits()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        await desk.ApplyAsync(RegistryDesk.Server("shop", Other));
        Assert.Equal("not_the_pending_version", (await RefusedAsync(desk.Manifests.ApproveAsync(RegistryDesk.Ben, Shop, 1, inside: false, null, null, CancellationToken.None))).Code);
        Assert.Equal(Lifecycle.Pending, desk.Find("shop").State);
        Assert.Equal(2, (await desk.ApproveAsync("shop", 2)).Approved!.Number);
        Assert.Equal("nothing_pending", (await RefusedAsync(desk.Manifests.ApproveAsync(RegistryDesk.Ben, Shop, 2, inside: false, null, null, CancellationToken.None))).Code);
    }

    [Fact]
    public async Task An_approval_by_who_applied_it_is_marked_and_one_by_another_is_not()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        Assert.False((await desk.ApproveAsync("shop", 1)).Approved!.SelfApproved);
        await desk.ApplyAsync(RegistryDesk.Server("shop", Other));
        var approved = Assert.IsType<Result<VersionedServer>.Done>(await desk.Manifests.ApproveAsync(RegistryDesk.Ann, Shop, 2, inside: false, "ok", null, CancellationToken.None)).Value.Server.Approved!;
        Assert.Equal((true, "ann"), (approved.SelfApproved, approved.ApprovedBy));
        Assert.Equal(("approve", "Server/shop", "shop", "ok", 4L), desk.Store.Committed[^1] switch { var record => (record.Action, record.Target, record.Server, record.Reason, record.ObjectVersion) });
    }

    [Theory]
    [InlineData(HostPlace.Outside)]
    [InlineData(HostPlace.Inside)]
    public async Task An_approval_records_where_the_host_leads_and_what_waits_does_not_say_yet(HostPlace place)
    {
        desk.Hosts.Place = place;
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        Assert.Null(desk.Find("shop").Pending!.Place);
        Assert.Equal(place, (await desk.ApproveAsync("shop", 1)).Approved!.Place);
    }

    [Theory]
    [InlineData(HostPlace.Unknown, "host_unknown")]
    [InlineData(HostPlace.Forbidden, "host_forbidden")]
    public async Task A_host_that_leads_nowhere_or_where_nothing_is_connected_to_is_not_approved(HostPlace place, string code)
    {
        desk.Hosts.Place = place;
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        Assert.Equal(code, (await RefusedAsync(desk.Manifests.ApproveAsync(RegistryDesk.Ben, Shop, 1, inside: false, null, null, CancellationToken.None))).Code);
        Assert.Equal(Lifecycle.Pending, desk.Find("shop").State);
    }

    [Fact]
    public async Task A_host_that_was_outside_when_it_was_approved_is_not_approved_as_one_inside()
    {
        desk.Hosts.Place = HostPlace.Outside;
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        await desk.ApproveAsync("shop", 1);
        desk.Hosts.Place = HostPlace.Inside;
        await desk.ApplyAsync(RegistryDesk.Server("shop", Other));
        Assert.Equal("host_moved_inside", (await RefusedAsync(desk.Manifests.ApproveAsync(RegistryDesk.Ben, Shop, 2, inside: false, null, null, CancellationToken.None))).Code);
        await desk.ApplyAsync(At("http://localhost/mcp"));
        Assert.Equal(HostPlace.Inside, (await desk.ApproveAsync("shop", 3)).Approved!.Place);
        desk.Hosts.Place = HostPlace.Outside;
        await desk.ApplyAsync(At("http://localhost./mcp"));
        Assert.Equal(HostPlace.Outside, (await desk.ApproveAsync("shop", 4)).Approved!.Place);
    }

    [Theory]
    [InlineData("https://mcp.vendor.com/mcp")]
    [InlineData("https://MCP.Vendor.com./mcp")]
    [InlineData("http://shop.internal:8080/mcp")]
    [InlineData("http://localhost.vendor.com/mcp")]
    [InlineData("http://2130706433/mcp")]
    [InlineData("http://0x7f.1/mcp")]
    public async Task A_name_that_leads_inside_is_approved_only_with_the_word_for_it(string url)
    {
        await desk.ApplyAsync(At(url));
        var refused = await RefusedAsync(desk.Manifests.ApproveAsync(RegistryDesk.Ben, Shop, 1, inside: false, null, null, CancellationToken.None));
        Assert.Equal((ChangeErrorKind.Conflict, "host_leads_inside"), (refused.Kind, refused.Code));
        Assert.StartsWith($"{UpstreamHost.Of(new Uri(url))} leads inside", refused.Message, StringComparison.Ordinal);
        Assert.Contains("symbolon server approve shop --inside", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Lifecycle.Pending, desk.Find("shop").State);
        var approved = await desk.Manifests.ApproveAsync(RegistryDesk.Ben, Shop, 1, inside: true, null, null, CancellationToken.None);
        Assert.Equal(HostPlace.Inside, Assert.IsType<Result<VersionedServer>.Done>(approved).Value.Server.Approved!.Place);
    }

    [Theory]
    [InlineData("http://127.0.0.1:7001/mcp")]
    [InlineData("http://10.0.0.5/mcp")]
    [InlineData("http://[::1]:7001/mcp")]
    [InlineData("http://[fd00::1]/mcp")]
    [InlineData("http://[::ffff:10.0.0.5]/mcp")]
    [InlineData("http://localhost:7001/mcp")]
    [InlineData("http://LOCALHOST./mcp")]
    [InlineData("http://tools.localhost/mcp")]
    public async Task An_address_that_says_itself_where_it_leads_needs_no_word(string url)
    {
        await desk.ApplyAsync(At(url));
        Assert.Equal(HostPlace.Inside, (await desk.ApproveAsync("shop", 1)).Approved!.Place);
    }

    [Fact]
    public async Task The_word_for_inside_lets_no_host_move_there_that_was_approved_outside_however_it_is_written()
    {
        desk.Hosts.Place = HostPlace.Outside;
        await desk.ApplyAsync(At("https://mcp.vendor.com/mcp"));
        // The word allows, it does not decide: what is outside stays held to that.
        await desk.Manifests.ApproveAsync(RegistryDesk.Ben, Shop, 1, inside: true, null, null, CancellationToken.None);
        Assert.Equal(HostPlace.Outside, desk.Find("shop").Approved!.Place);
        desk.Hosts.Place = HostPlace.Inside;
        await desk.ApplyAsync(At("https://MCP.vendor.com./mcp"));
        Assert.Equal("host_moved_inside", (await RefusedAsync(desk.Manifests.ApproveAsync(RegistryDesk.Ben, Shop, 2, inside: true, null, null, CancellationToken.None))).Code);
    }

    /// <summary>State before, step, state after or the refusal's code.</summary>
    [Theory]
    [InlineData("pending", "suspend", "wrong_state")]
    [InlineData("pending", "resume", "wrong_state")]
    [InlineData("pending", "retire", "retired")]
    [InlineData("active", "suspend", "suspended")]
    [InlineData("active", "resume", "wrong_state")]
    [InlineData("active", "retire", "retired")]
    [InlineData("suspended", "suspend", "wrong_state")]
    [InlineData("suspended", "resume", "active")]
    [InlineData("suspended", "retire", "retired")]
    [InlineData("retired", "suspend", "code retired")]
    [InlineData("retired", "resume", "code retired")]
    [InlineData("retired", "retire", "code retired")]
    public async Task Each_step_goes_only_from_its_state(string before, string step, string after)
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        if (before != "pending") await desk.ApproveAsync("shop", 1);
        if (before == "suspended") await StepAsync("suspend");
        if (before == "retired") await StepAsync("retire");
        Assert.Equal(before, desk.Find("shop").State.ToText());

        var result = await StepAsync(step);
        if (result is Result<VersionedServer>.Refused refused)
        {
            Assert.Equal(after, before == "retired" ? "code " + refused.Why.Code : refused.Why.Code);
            Assert.Equal($"{step} refused: {refused.Why.Code}", Assert.Single(desk.Audit.Appended).Action);
            Assert.Equal(before, desk.Find("shop").State.ToText());
        }
        else
        {
            Assert.Equal(after, desk.Find("shop").State.ToText());
            Assert.Equal(("ann", "why"), desk.Find("shop").LastChange switch { var change => (change!.By, change.Reason) });
        }
    }

    [Fact]
    public async Task Approving_a_suspended_server_does_not_wake_it()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        await desk.ApproveAsync("shop", 1);
        await StepAsync("suspend");
        await desk.ApplyAsync(RegistryDesk.Server("shop", Other));
        Assert.Equal((Lifecycle.Suspended, 2), await desk.ApproveAsync("shop", 2) switch { var server => (server.State, server.Approved!.Number) });
    }

    [Fact]
    public async Task A_change_that_was_made_from_an_older_version_is_refused()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        Assert.Equal((ChangeErrorKind.PreconditionFailed, "precondition_failed"),
            await RefusedAsync(desk.Manifests.ApproveAsync(RegistryDesk.Ben, Shop, 1, inside: false, null, expected: 7, CancellationToken.None)) switch { var why => (why.Kind, why.Code) });
        Assert.IsType<Result<VersionedServer>.Done>(await desk.Manifests.ApproveAsync(RegistryDesk.Ben, Shop, 1, inside: false, null, expected: 1, CancellationToken.None));
        Assert.Equal(ChangeErrorKind.NotFound, (await RefusedAsync(desk.Servers.SuspendAsync(RegistryDesk.Ben, new ServerName("none"), null, null, CancellationToken.None))).Kind);
    }

    [Fact]
    public async Task A_server_is_approved_only_once_its_secret_is_stored()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop", credential: RegistryDesk.Credential("shop-key")));
        Assert.Equal("secret_missing", (await RefusedAsync(desk.Manifests.ApproveAsync(RegistryDesk.Ben, Shop, 1, inside: false, null, null, CancellationToken.None))).Code);
        await desk.Secrets.PutAsync(RegistryDesk.Ann, "shop-key", "s3cret", null, null, CancellationToken.None);
        Assert.Equal(Lifecycle.Active, (await desk.ApproveAsync("shop", 1)).State);
    }

    private static string At(string url) => RegistryDesk.Server("shop").Replace("http://127.0.0.1:7001/mcp", url, StringComparison.Ordinal);

    private Task<Result<VersionedServer>> StepAsync(string step) => step switch
    {
        "suspend" => desk.Servers.SuspendAsync(RegistryDesk.Ann, Shop, "why", null, CancellationToken.None),
        "resume" => desk.Servers.ResumeAsync(RegistryDesk.Ann, Shop, "why", null, CancellationToken.None),
        "retire" => desk.Servers.RetireAsync(RegistryDesk.Ann, Shop, "why", null, CancellationToken.None),
        _ => throw new ArgumentException(step),
    };

    private static async Task<ChangeError> RefusedAsync(Task<Result<VersionedServer>> step) => Assert.IsType<Result<VersionedServer>.Refused>(await step).Why;
}

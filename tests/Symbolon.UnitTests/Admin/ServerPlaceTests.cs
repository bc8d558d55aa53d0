using Symbolon.Core.Outbound;

namespace Symbolon.UnitTests.Admin;

/// <summary>DESIGN.md section 5, promise 5: what is inside is reached only where somebody said so.</summary>
[Trait("area", "admin")]
public sealed class ServerPlaceTests
{
    [Fact]
    public async Task A_reviewer_sees_that_a_name_leads_inside_and_has_to_say_that_it_may()
    {
        await using var host = await AdminHost.StartAsync();
        await ApplyAsync(host, "https://mcp.vendor.com./mcp");

        var pending = (await host.GetAsync("/api/v1/servers/shop")).Json.GetProperty("pending");
        Assert.Equal(("inside", true), (pending.GetProperty("hostPlace").GetString(), pending.GetProperty("needsInside").GetBoolean()));
        var refused = await host.PostAsync("/api/v1/servers/shop/approve", """{"version":1}""");
        Assert.Equal((409, "host_leads_inside"), (refused.Status, refused.Code));
        Assert.Contains("mcp.vendor.com leads inside this network now", refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("inside: true", refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);

        var approved = await host.PostAsync("/api/v1/servers/shop/approve", """{"version":1,"inside":true}""");
        Assert.Equal(200, approved.Status);
        var version = approved.Json.GetProperty("approved");
        Assert.Equal(("inside", false), (version.GetProperty("hostPlace").GetString(), version.GetProperty("needsInside").GetBoolean()));
    }

    [Theory]
    [InlineData("https://mcp.vendor.com/mcp", HostPlace.Outside, "outside")]
    [InlineData("https://mcp.vendor.com/mcp", HostPlace.Unknown, "unknown")]
    [InlineData("https://mcp.vendor.com/mcp", HostPlace.Forbidden, "forbidden")]
    [InlineData("http://127.0.0.1:7001/mcp", HostPlace.Inside, "inside")]
    public async Task Where_a_pending_host_leads_is_shown_as_it_is_now(string url, HostPlace place, string shown)
    {
        await using var host = await AdminHost.StartAsync();
        host.Hosts.Place = place;
        await ApplyAsync(host, url);
        var pending = (await host.GetAsync("/api/v1/servers/shop")).Json.GetProperty("pending");
        Assert.Equal((shown, false), (pending.GetProperty("hostPlace").GetString(), pending.GetProperty("needsInside").GetBoolean()));
    }

    private static async Task ApplyAsync(AdminHost host, string url)
    {
        var document = AdminHost.ServerDocument("shop").Replace("http://127.0.0.1:7001/mcp", url, StringComparison.Ordinal);
        Assert.Equal(200, (await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{document}}]}""")).Status);
    }
}

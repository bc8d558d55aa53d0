using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.UnitTests.AuthorizationServer;

namespace Symbolon.UnitTests.Admin;

/// <summary>Who may exchange what, as the API and the page say it.</summary>
[Trait("area", "admin")]
public sealed class ExchangeTests
{
    [Fact]
    public async Task Each_server_that_exchanges_says_its_api_what_it_may_get_and_whose_calls()
    {
        await using var host = await AdminHost.StartAsync();
        var deploy = ServerRig.ServerOf();
        var file = deploy with { Name = new ServerName("batch"), Approved = deploy.Approved! with { Manifest = deploy.Approved!.Manifest with { Credential = new UpstreamCredential.Exchange { Audience = "https://other.example.com", File = "TOKEN_FILE" } } } };
        Apply(host, deploy, file, deploy with { Name = new ServerName("gone"), State = Lifecycle.Retired }, Keys(), Grant("all", new GrantSubjects { Users = ["*"], Agents = [new AgentName("bot")] }), Grant("over", new GrantSubjects { Users = ["a@example.com"] }) with { RetiredAt = 1 });
        var all = (await host.GetAsync("/api/v1/exchange")).Json.EnumerateArray().ToList();
        Assert.Equal(["batch", "deploy"], all.Select(each => each.GetProperty("server").GetString()));
        Assert.Equal("nothing", all[0].GetProperty("binding").GetString());
        var shown = all[1];
        Assert.Equal(("active", ServerRig.Api, "key", 2, 1), (Text("state"), Text("audience"), Text("binding"), shown.GetProperty("toolCount").GetInt32(), shown.GetProperty("instances").GetInt32()));
        Assert.Equal(["read cluster:prod/namespace:*/**", "delete cluster:prod/namespace:checkout/release/*"],
            shown.GetProperty("needs").EnumerateArray().Select(need => $"{need.GetProperty("actions")[0].GetString()} {need.GetProperty("resource").GetString()}").OrderDescending());
        Assert.Equal("""[{"grant":"all","users":["*"],"agents":["bot"],"workflows":[]}]""", shown.GetProperty("callers").GetRawText());
        Assert.Equal("deploy", Assert.Single((await host.GetAsync("/api/v1/exchange?api=K8S")).Json.EnumerateArray()).GetProperty("server").GetString());

        string? Text(string name) => shown.GetProperty(name).GetString();
    }

    [Fact]
    public async Task A_server_that_is_suspended_and_a_tool_that_drifted_get_nothing()
    {
        await using var host = await AdminHost.StartAsync();
        Apply(host, ServerRig.ServerOf(Lifecycle.Suspended));
        Assert.Empty((await host.GetAsync("/api/v1/exchange")).Json[0].GetProperty("needs").EnumerateArray());
        Assert.Empty((await host.GetAsync("/api/v1/exchange")).Json[0].GetProperty("callers").EnumerateArray());
    }

    [Fact]
    public async Task A_server_under_another_authorization_server_says_which()
    {
        await using var host = await AdminHost.StartAsync();
        var deploy = ServerRig.ServerOf();
        Apply(host, deploy with
        {
            Approved = deploy.Approved! with
            {
                Manifest = deploy.Approved!.Manifest with { Credential = new UpstreamCredential.Foreign { Audience = "https://crm.example.com", TokenEndpoint = "https://login.example.com/token", Client = "symbolon", Scope = "crm.read" } },
            },
        });
        var shown = Assert.Single((await host.GetAsync("/api/v1/exchange?api=crm")).Json.EnumerateArray());
        Assert.Equal(("https://login.example.com/token", "crm.read", "nothing", 0),
            (shown.GetProperty("at").GetString(), shown.GetProperty("scope").GetString(), shown.GetProperty("binding").GetString(), shown.GetProperty("needs").GetArrayLength()));
    }

    private static void Apply(AdminHost host, params object[] items) =>
        host.Configuration.Apply(new ConfigurationChanges(host.Configuration.Revision + 1, [.. items.Select(item => (OrganisationId.Default, item))], []));

    private static GrantObject Grant(string name, GrantSubjects to) => new() { Name = new GrantName(name), To = to, Servers = [new ServerAccess { Server = ServerRig.Deploy, Granted = true }] };

    private static ServerKeysObject Keys()
    {
        var key = new ServerInstance { Name = "blue", Thumbprint = "one", Jwk = "{}", EnrolledAt = 5, EnrolledBy = "admin" };
        return new ServerKeysObject { Server = ServerRig.Deploy, Instances = [key, key with { Name = "old", Thumbprint = "two", ReplacedAt = 6 }] };
    }
}

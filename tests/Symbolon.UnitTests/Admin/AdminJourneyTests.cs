using Symbolon.Core.Audit;

namespace Symbolon.UnitTests.Admin;

[Trait("area", "admin")]
public sealed class AdminJourneyTests
{
    [Fact]
    public async Task A_server_is_applied_approved_granted_and_a_token_for_it_issued_rotated_and_revoked()
    {
        await using var host = await AdminHost.StartAsync();

        var applied = await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{AdminHost.ServerDocument("shop")}}],"reason":"first"}""");
        Assert.Equal("""[{"kind":"Server","name":"shop","action":"created","version":1,"review":"shop.1","union":{"isInside":true,"added":[],"removed":[],"kept":[]}}]""", applied.Text);
        var pending = await host.GetAsync("/api/v1/servers/shop");
        Assert.Equal("pending", pending.Json.GetProperty("state").GetString());
        Assert.Equal("\"1\"", pending.Headers["ETag"]);

        var approved = await host.PostAsync("/api/v1/servers/shop/approve", """{"version":1}""", ("If-Match", "\"1\""));
        Assert.Equal(200, approved.Status);
        Assert.Equal("active", approved.Json.GetProperty("state").GetString());
        Assert.True(approved.Json.GetProperty("approved").GetProperty("selfApproved").GetBoolean());

        var issued = await host.PostAsync("/api/v1/tokens", """
            {"user":"Alice@Example.com","agent":"claude-code","servers":[{"name":"shop","tools":["look"]}],"ttl":"8h",
             "createGrant":{"name":"alice-shop","maxTtl":"8h"},"createAgent":{"owner":"alice@example.com"}}
            """);
        Assert.Equal(201, issued.Status);
        var id = issued.Json.GetProperty("id").GetString()!;
        var secret = issued.Json.GetProperty("token").GetString()!;
        Assert.StartsWith("sym_usr_", secret, StringComparison.Ordinal);
        Assert.Equal("alice@example.com", issued.Json.GetProperty("user").GetString());
        Assert.Equal("live", issued.Json.GetProperty("state").GetString());

        string[] addresses = ["https://symbolon.example.com/t/mcp/shop", "http://10.1.2.3:8750/t/mcp/shop"];
        Assert.Equal(addresses, issued.Json.GetProperty("addresses").EnumerateArray().Select(address => address.GetString()));
        var shown = await host.GetAsync($"/api/v1/tokens/{id}");
        Assert.DoesNotContain(secret, shown.Text, StringComparison.Ordinal);
        var rotated = await host.PostAsync($"/api/v1/tokens/{id}/rotate");
        Assert.Equal(id, rotated.Json.GetProperty("id").GetString());
        Assert.NotEqual(secret, rotated.Json.GetProperty("token").GetString());
        var again = (await host.GetAsync($"/api/v1/tokens/{id}")).Json.EnumerateObject().Where(each => each.Name is not ("toolCount" or "toolsByEffect" or "unusedTools"));
        Assert.Equal(again.Select(each => each.ToString()), rotated.Json.EnumerateObject().Where(each => each.Name is not ("token" or "addresses")).Select(each => each.ToString()));

        var revoked = await host.PostAsync($"/api/v1/tokens/{id}/revoke", """{"reason":"left"}""");
        Assert.Equal(200, revoked.Status);
        Assert.Equal("revoked", (await host.GetAsync($"/api/v1/tokens/{id}")).Json.GetProperty("state").GetString());
        Assert.Equal("token_revoked", (await host.PostAsync($"/api/v1/tokens/{id}/rotate")).Code);

        Assert.Equal(
            [AuditKind.AdminChange, AuditKind.AdminChange, AuditKind.AdminChange, AuditKind.AdminChange, AuditKind.TokenIssued, AuditKind.TokenRotated, AuditKind.Revocation],
            host.Store.Committed.Select(record => record.Kind));
        Assert.Equal(["apply Server/shop", "approve Server/shop", "create Agent/claude-code", "create Grant/alice-shop"],
            host.Store.Committed.Take(4).Select(record => $"{record.Action} {record.Target}"));
        Assert.All(host.Store.Committed, record => Assert.Equal(("admin-token", true, "127.0.0.1"), (record.By, record.Allowed, record.Peer)));
        Assert.Equal(("revoke", $"Token/{id}", "left", "alice@example.com"),
            (host.Store.Committed[^1].Action, host.Store.Committed[^1].Target, host.Store.Committed[^1].Reason, host.Store.Committed[^1].User));
        Assert.Equal((AuditKind.TokenRotated, false), (host.Audit.Appended[^1].Kind, host.Audit.Appended[^1].Allowed));
    }

    [Fact]
    public async Task A_plan_answers_what_would_change_of_each_object()
    {
        await using var host = await AdminHost.StartAsync();
        await host.HaveServerAsync();
        await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{AdminHost.AgentDocument("bot")}}]}""");
        var server = AdminHost.ServerDocument("shop").Replace("\"name\":\"change\",\"effect\":\"write\"", "\"name\":\"change\",\"effect\":\"read\"", StringComparison.Ordinal);
        var planned = await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{server}},{{AdminHost.AgentDocument("bot")}},{{AdminHost.AgentDocument("new")}}],"dryRun":true}""");
        Assert.Equal(
            """[{"kind":"Server","name":"shop","action":"pending","version":2,"changes":[{"path":"spec.tools[change].effect","before":"write","after":"read"}],"waiting":"""
            + """[{"path":"spec.tools[change].effect","why":"another class of effect is given to other callers"}],"review":"shop.2","union":{"isInside":true,"added":[],"removed":[],"kept":[]}},"""
            + """{"kind":"Agent","name":"bot","action":"unchanged","version":1},{"kind":"Agent","name":"new","action":"created","version":1}]""",
            planned.Text);
    }

    [Fact]
    public async Task What_is_exported_applies_as_unchanged()
    {
        await using var host = await AdminHost.StartAsync();
        await host.HaveServerAsync();
        await host.PostAsync("/api/v1/apply", $$$"""
            {"documents":[{{{AdminHost.AgentDocument("bot")}}},
              {"apiVersion":"symbolon/v1","kind":"Workflow","metadata":{"name":"nightly","owner":"ops@example.com","labels":{"env":"prod"} } },
              {"apiVersion":"symbolon/v1","kind":"Grant","metadata":{"name":"g"},"spec":{"to":{"users":["*"],"agents":["bot"]},
                "servers":[{"name":"shop","tools":["peek"],"effects":["read"]}],"expires":"2027-03-31","tokens":{"maxTtl":"90m","binding":"any"} } },
              {"apiVersion":"symbolon/v1","kind":"Resource","metadata":{"name":"meta"},"spec":{"pattern":"project/*/metadata","triggers":["ci/**"],"sensitivity":"secret"} },
              {"apiVersion":"symbolon/v1","kind":"Issuer","metadata":{"name":"ci"},"spec":{"issuer":"https://ci.example.com","audience":"symbolon","subjects":["repo:acme/*"],"maxTtl":"15m"} },
              {"apiVersion":"symbolon/v1","kind":"Agent","metadata":{"name":"builder","owner":"ops@example.com"},"spec":{"federation":[{"issuer":"ci","subject":"repo:acme/shop:*"}]} }]}
            """);

        var exported = await host.GetAsync("/api/v1/export");
        Assert.Equal(7, exported.Json.GetArrayLength());
        var again = await host.PostAsync("/api/v1/apply", $$"""{"documents":{{exported.Text}}}""");

        Assert.Equal(200, again.Status);
        Assert.All(again.Json.EnumerateArray(), document => Assert.Equal("unchanged", document.GetProperty("action").GetString()));
    }
}

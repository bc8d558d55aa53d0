using System.Net;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Xunit;

namespace Symbolon.EndToEndTests.Access;

[Trait("area", "access")]
public sealed class TokenReachTests(RunningGateway gateway)
{
    [Fact]
    public async Task Two_tokens_with_different_tools_see_different_lists_and_are_refused_what_they_lack()
    {
        var reader = await gateway.Setup.TokenAsync("sdk2:add,echo");
        var wiper = await gateway.Setup.TokenAsync("sdk2:wipe");
        Assert.Equal(["add", "echo"], (await gateway.Wire.ToolsAsync("sdk2", reader.Secret)).Order(StringComparer.Ordinal));
        Assert.Equal(["wipe"], await gateway.Wire.ToolsAsync("sdk2", wiper.Secret));

        Assert.Equal("3", (await gateway.Wire.CallAsync("sdk2", reader.Secret, "add", """{"a":1,"b":2}""")).ToolText);
        Assert.Equal("wiped", (await gateway.Wire.CallAsync("sdk2", wiper.Secret, "wipe")).ToolText);
        var refused = await gateway.Wire.CallAsync("sdk2", reader.Secret, "wipe");
        Assert.Equal((HttpStatusCode.OK, "not_granted"), (refused.Status, refused.Reason));
        Assert.True((bool?)refused.Message["result"]!["isError"]);
        Assert.Equal("not_granted", (await gateway.Wire.CallAsync("sdk2", wiper.Secret, "add", """{"a":1,"b":2}""")).Reason);
    }

    [Fact]
    public async Task A_token_by_effect_reaches_just_the_tools_of_that_effect()
    {
        var granted = await gateway.Setup.TokenAsync("sdk2");
        var answer = await gateway.Setup.Api.PostAsync("/tokens", new JsonObject
        {
            ["user"] = "alice@example.com",
            ["agent"] = $"agent-of-{granted.Grant}",
            ["ttl"] = "1h",
            ["servers"] = new JsonArray(new JsonObject { ["name"] = "sdk2", ["effects"] = new JsonArray("read") }),
        });
        var token = (string)answer["token"]!;
        Assert.Equal(["add", "slow"], (await gateway.Wire.ToolsAsync("sdk2", token)).Order(StringComparer.Ordinal));
        Assert.Equal("insufficient_scope", (await gateway.Wire.CallAsync("sdk2", token, "wipe")).Reason);
    }

    [Fact]
    public async Task A_server_outside_the_token_is_answered_as_one_that_does_not_exist()
    {
        var token = await gateway.Setup.TokenAsync("sdk2:add");
        var other = await gateway.Wire.CallAsync("recording", token.Secret, "keep");
        var none = await gateway.Wire.CallAsync("no-such-server", token.Secret, "keep");
        Assert.Equal(HttpStatusCode.NotFound, other.Status);
        Assert.Equal((none.Status, none.Text, none.Type), (other.Status, other.Text, other.Type));
    }

    [Fact]
    public async Task A_tool_that_does_not_exist_is_unknown()
    {
        var token = await gateway.Setup.TokenAsync("sdk2");
        var answer = await gateway.Wire.CallAsync("sdk2", token.Secret, "no_such_tool");
        Assert.Equal(-32602, (int?)answer.Message["error"]?["code"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("sym_usr_0000000000000000000000000000000000000000000000000")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("not a token")]
    public async Task A_caller_without_a_token_of_ours_gets_a_plain_401(string? token)
    {
        var answer = await gateway.Wire.CallAsync("sdk2", token, "add");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        var challenge = Assert.Single(answer.Headers.WwwAuthenticate).ToString();
        Assert.StartsWith("Bearer", challenge, StringComparison.Ordinal);
        Assert.DoesNotContain("resource_metadata", challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_with_one_letter_changed_and_the_admin_token_are_refused()
    {
        var token = await gateway.Setup.TokenAsync("sdk2:add");
        var last = token.Secret[^1] == 'A' ? 'B' : 'A';
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.Wire.ListAsync("sdk2", token.Secret[..^1] + last)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.Wire.ListAsync("sdk2", gateway.Symbolon.AdminToken)).Status);
    }

    [Fact]
    public async Task Every_call_has_its_intent_and_outcome_and_every_refusal_its_record()
    {
        var token = await gateway.Setup.TokenAsync("sdk2:echo");
        await gateway.Wire.CallAsync("sdk2", token.Secret, "echo");
        await gateway.Wire.CallAsync("sdk2", token.Secret, "wipe");
        await gateway.Wire.ListAsync("sdk2", token.Secret);
        var records = await gateway.Setup.Api.AuditAsync($"token={token.Id}");
        var echo = records.Where(record => (string?)record["tool"] == "echo").ToList();
        Assert.Equal(["call_intent", "call_outcome"], echo.Select(record => (string)record["kind"]!));
        Assert.Equal((string?)echo[0]["call"], (string?)echo[1]["call"]);
        Assert.Equal("alice@example.com", (string?)echo[0]["user"]);
        var refused = records.Last(record => (string?)record["tool"] == "wipe");
        Assert.Equal("not_granted", (string?)refused["code"]);
        Assert.Contains(records, record => (string?)record["method"] == "tools/list");
    }

    [Fact]
    public async Task The_strings_of_a_call_are_in_no_record()
    {
        var token = await gateway.Setup.TokenAsync("sdk2:echo");
        await gateway.Wire.CallAsync("sdk2", token.Secret, "echo", """{"password":"correct horse battery staple"}""");
        var (_, export) = await gateway.Setup.Api.SendAsync(HttpMethod.Get, "/audit/export", null);
        Assert.Contains(token.Id, export, StringComparison.Ordinal);
        Assert.DoesNotContain("correct horse", export, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Secret, export, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource/t/mcp/sdk2")]
    [InlineData("/.well-known/oauth-authorization-server/t/mcp/sdk2")]
    [InlineData("/t/mcp/sdk2/.well-known/oauth-protected-resource")]
    public async Task Discovery_on_the_pasted_token_family_finds_nothing(string path)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(gateway.Symbolon.Url, path), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.NotEmpty(JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject());
    }
}

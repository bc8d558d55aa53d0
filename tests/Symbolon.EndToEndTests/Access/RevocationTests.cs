using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Access;

/// <summary>Revocations and narrowed grants under live tokens and open streams.</summary>
[Trait("area", "revocation")]
public sealed class RevocationTests(RunningGateway gateway)
{
    private const string Slow = """{"steps":2000,"milliseconds":20}""";

    public static TheoryData<string> Targets { get; } = ["token", "user", "agent", "workflow", "server"];

    [Theory, MemberData(nameof(Targets))]
    public async Task An_open_stream_ends_within_a_second_of_the_revocation_and_the_next_request_is_refused(string level)
    {
        // A server and people of its own: what is revoked here must be nobody else's.
        var name = $"revoked-{level}";
        await gateway.Setup.ServerAsync(name, gateway.Sdk2);
        var (id, secret) = await IssueAsync(name, level);
        using var stream = await OpenStreamAsync(name, secret);

        var revoked = await gateway.Setup.Api.PostAsync("/revocations", new JsonObject
        {
            [level] = level switch { "token" => id, "server" => name, "user" => $"{name}@example.com", _ => name },
            ["reason"] = "a test",
        });
        var acknowledged = Stopwatch.GetTimestamp();
        Assert.Empty(revoked["unconfirmedNodes"]!.AsArray());
        var next = await gateway.Wire.CallAsync(name, secret, "add", """{"a":1,"b":2}""");
        Assert.True(next.Status is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound, next.Text);

        await ReadToEndAsync(stream);
        Assert.InRange(Stopwatch.GetElapsedTime(acknowledged), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Another_tokens_stream_goes_on()
    {
        var kept = await gateway.Setup.TokenAsync("sdk2");
        var revoked = await gateway.Setup.TokenAsync("sdk2");
        var call = gateway.Wire.CallAsync("sdk2", kept.Secret, "slow", """{"steps":30,"milliseconds":20}""");
        using var stream = await OpenStreamAsync("sdk2", revoked.Secret);
        (await gateway.Symbolon.RunAsync("token", "revoke", revoked.Id)).Expect();
        await ReadToEndAsync(stream);
        Assert.Equal("counted to 30", (await call).ToolText);
    }

    [Fact]
    public async Task A_rotated_secret_dies_at_once_and_the_new_one_works()
    {
        var token = await gateway.Setup.TokenAsync("sdk2:add");
        Assert.Equal(HttpStatusCode.OK, (await gateway.Wire.ListAsync("sdk2", token.Secret)).Status);
        var rotated = (await gateway.Symbolon.RunAsync("token", "rotate", token.Id, "-o", "json")).Expect();
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.Wire.ListAsync("sdk2", token.Secret)).Status);
        Assert.Equal(["add"], await gateway.Wire.ToolsAsync("sdk2", (string)rotated.Json["token"]!));
    }

    [Fact]
    public async Task A_narrowed_grant_bites_under_a_live_token()
    {
        var token = await gateway.Setup.TokenAsync("sdk2");
        Assert.Equal("wiped", (await gateway.Wire.CallAsync("sdk2", token.Secret, "wipe")).ToolText);
        await ChangeGrantAsync(token, grant => grant["spec"]!["servers"] = new JsonArray(new JsonObject { ["name"] = "sdk2", ["tools"] = new JsonArray("add") }));
        Assert.Equal(["add"], await gateway.Wire.ToolsAsync("sdk2", token.Secret));
        Assert.Equal("not_granted", (await gateway.Wire.CallAsync("sdk2", token.Secret, "wipe")).Reason);
    }

    [Fact]
    public async Task A_grant_that_no_longer_names_the_caller_refuses_under_a_live_token()
    {
        var token = await gateway.Setup.TokenAsync("sdk2:add");
        Assert.Equal(HttpStatusCode.OK, (await gateway.Wire.ListAsync("sdk2", token.Secret)).Status);
        await ChangeGrantAsync(token, grant => grant["spec"]!["to"] = new JsonObject { ["users"] = new JsonArray("somebody.else@example.com") });
        // Without any grant on the server the caller may not know of it.
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Wire.ListAsync("sdk2", token.Secret)).Status);
    }

    [Fact]
    public async Task A_suspended_server_answers_nobody_and_ends_what_runs()
    {
        await gateway.Setup.ServerAsync("suspended-one", gateway.Sdk2);
        var token = await gateway.Setup.TokenAsync("suspended-one");
        using var stream = await OpenStreamAsync("suspended-one", token.Secret);
        (await gateway.Symbolon.RunAsync("server", "suspend", "suspended-one")).Expect();
        Assert.NotNull((await gateway.Wire.CallAsync("suspended-one", token.Secret, "wipe")).Reason);
        await ReadToEndAsync(stream);
    }

    private async Task ChangeGrantAsync(IssuedToken token, Action<JsonNode> change)
    {
        var grant = (await gateway.Setup.Api.GetAsync("/export")).AsArray().First(each => (string?)each!["metadata"]!["name"] == token.Grant)!;
        change(grant);
        await gateway.Setup.Api.ApplyAsync(grant);
    }

    private async Task<(string Id, string Secret)> IssueAsync(string name, string level)
    {
        var body = new JsonObject
        {
            ["user"] = $"{name}@example.com",
            ["agent"] = name,
            ["createAgent"] = new JsonObject { ["owner"] = "owner@example.com" },
            ["createGrant"] = new JsonObject { ["name"] = name },
            ["ttl"] = "1h",
            ["servers"] = new JsonArray(new JsonObject { ["name"] = name, ["all"] = true }),
        };
        if (level == "workflow")
        {
            await gateway.Setup.Api.ApplyAsync(JsonNode.Parse($$$"""{"apiVersion":"symbolon/v1","kind":"Workflow","metadata":{"name":"{{{name}}}","owner":"owner@example.com"},"spec":{} }""")!);
            body["workflow"] = name;
        }
        var issued = await gateway.Setup.Api.PostAsync("/tokens", body);
        return ((string)issued["id"]!, (string)issued["token"]!);
    }

    /// <summary>Starts a call that would run for 40 s, and returns once its first event is there.</summary>
    private async Task<HttpResponseMessage> OpenStreamAsync(string server, string secret)
    {
        var body = McpText.Call("slow", Slow).Replace("\"_meta\":{", "\"_meta\":{\"progressToken\":\"p1\",", StringComparison.Ordinal);
        var answer = await gateway.Wire.SendAsync($"/t/mcp/{server}", secret, Encoding.UTF8.GetBytes(body), McpWire.Modern("tools/call", "slow"));
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var first = new byte[1];
        Assert.Equal(1, await (await answer.Content.ReadAsStreamAsync()).ReadAsync(first));
        return answer;
    }

    /// <summary>Ended by us or by a cut connection: both are an end.</summary>
    private static async Task ReadToEndAsync(HttpResponseMessage answer)
    {
        try
        {
            await (await answer.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null).WaitAsync(Deadline.Usual);
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException) { }
    }
}

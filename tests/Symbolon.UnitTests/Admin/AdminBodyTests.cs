using System.Text;

namespace Symbolon.UnitTests.Admin;

[Trait("area", "admin")]
public sealed class AdminBodyTests(SharedAdminHost shared) : IClassFixture<SharedAdminHost>
{
    private readonly AdminHost host = shared.Host;

    public static TheoryData<string, string> Unreadable => new()
    {
        { "", "No JSON (RFC 8259) at byte 0." },
        { "{", "No JSON (RFC 8259) at byte 1." },
        { """{"user":"a@b.c",}""", "No JSON (RFC 8259) at byte 16." },
        { """{"user":"a@b.c","user":"a@b.c"}""", "A member is given twice, at byte 17." },
        { """{"user":"a@b.c","User":"a@b.c"}""", "A member differs from another of the same object in case alone, at byte 17." },
        { """{"user":"a@b.c","uſer":"a@b.c"}""", "A member differs from another of the same object in case alone, at byte 17." },
        { """{"servers":[{"tools":[],"\u0074ools":[]}]}""", "A member is given twice, at byte 25." },
        { """{"user":"\ud800"}""", "An unpaired surrogate at byte 9." },
        { "{} {}", "More than one value, at byte 3." },
        { "// no\n{}", "No JSON (RFC 8259) at byte 0." },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_body_that_is_no_strict_JSON_is_a_400_that_names_the_byte(string body, string detail)
    {
        var answer = await host.PostAsync("/api/v1/tokens", body);
        Assert.Equal((400, "malformed_request", detail), (answer.Status, answer.Code, answer.Json.GetProperty("detail").GetString()));
        Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_a_400()
    {
        var answer = await host.SendRawAsync("POST", "/api/v1/tokens", [.. "{\"user\":\""u8, 0xC0, 0xAF, .. "\"}"u8], [("Authorization", $"Bearer {host.Token}")]);
        Assert.Equal((400, "No UTF-8 at byte 9."), (answer.Status, answer.Json.GetProperty("detail").GetString()));
    }

    [Theory]
    [InlineData("""{"servers":[],"color":"red"}""", "color", "unknown_field")]
    [InlineData("""{"servers":[{"name":"x","need":1}]}""", "servers[0].need", "unknown_field")]
    [InlineData("""{"servers":[],"User":"a@b.c"}""", "User", "unknown_field")]
    [InlineData("""{"user":"a@b.c"}""", "servers", "missing")]
    [InlineData("""{"servers":null}""", "servers", "wrong_type")]
    [InlineData("""{"servers":{}}""", "servers", "wrong_type")]
    [InlineData("""{"servers":[3]}""", "servers[0]", "wrong_type")]
    [InlineData("""{"servers":[],"user":3}""", "user", "wrong_type")]
    [InlineData("""{"servers":[{"name":"x","all":"yes"}]}""", "servers[0].all", "wrong_type")]
    [InlineData("""{"servers":[],"user":"a\u0000b"}""", "user", "bad_character")]
    [InlineData("[]", "", "wrong_type")]
    [InlineData("null", "", "wrong_type")]
    public async Task A_field_that_cannot_be_read_is_named(string body, string path, string code)
    {
        var answer = await host.PostAsync("/api/v1/tokens", body);
        Assert.Equal(400, answer.Status);
        Assert.Equal([(path, code)], answer.Errors);
    }

    [Fact]
    public async Task All_fields_that_are_wrong_are_told_at_once()
    {
        var answer = await host.PostAsync("/api/v1/tokens", """{"user":1,"agent":2,"shape":3}""");
        Assert.Equal(["user", "agent", "shape", "servers"], answer.Errors.Select(error => error.Path));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("\"1\"")]
    [InlineData("99999999999")]
    [InlineData("true")]
    public async Task A_version_that_is_no_whole_number_is_refused(string version)
    {
        var answer = await host.PostAsync("/api/v1/servers/shop/approve", $$"""{"version":{{version}}}""");
        Assert.Equal((400, "version"), (answer.Status, Assert.Single(answer.Errors).Path));
    }

    [Theory]
    [InlineData("POST", "/api/v1/tokens", "{", "/api/v1/tokens")]
    [InlineData("POST", "/api/v1/apply", "{\"documents\":[],\"colour\":1}", "/api/v1/apply")]
    [InlineData("POST", "/api/v1/servers/shop/approve", "{}", "/api/v1/servers/shop/approve")]
    [InlineData("POST", "/api/v1/servers/No%20Name/suspend", "{}", "/api/v1/servers/{name}/suspend")]
    [InlineData("PUT", "/api/v1/secrets/No%20Name", "{\"value\":\"s3cret\"}", "/api/v1/secrets/{name}")]
    [InlineData("POST", "/api/v1/revocations", "{}", "/api/v1/revocations")]
    [InlineData("POST", "/api/v1/tokens", "{\"user\":\"nonsense\",\"servers\":[]}", "/api/v1/tokens")]
    public async Task A_change_that_cannot_be_read_leaves_one_record(string method, string path, string body, string target)
    {
        await using var own = await AdminHost.StartAsync();
        var answer = await own.SendAsync(method, path, body);
        Assert.InRange(answer.Status, 400, 422);
        var record = Assert.Single(own.Audit.Appended);
        Assert.Equal((false, "admin-token", target, $"{method} refused: {answer.Code}"), (record.Allowed, record.By, record.Target, record.Action));
    }

    [Theory]
    [InlineData("/api/v1/servers/No%20Name/suspend", "/api/v1/servers/{name}/suspend", Core.Policy.ReasonCode.UnknownServer)]
    [InlineData("/api/v1/servers/none/suspend", "Server/none", Core.Policy.ReasonCode.UnknownServer)]
    [InlineData("/api/v1/agents/none/suspend", "Agent/none", null)]
    [InlineData("/api/v1/tokens/tok_nosuch/revoke", "/api/v1/tokens/tok_nosuch/revoke", null)]
    [InlineData("/api/v1/tokens/sym_usr_NoIdAtAll/revoke", "/api/v1/tokens/{id}/revoke", null)]
    [InlineData("/api/v1/tokens/tok_0000000000000000000000/revoke", "Token/tok_0000000000000000000000", null)]
    [InlineData("/api/v1/tokens/tok_0000000000000000000000/rotate", "Token/tok_0000000000000000000000", null)]
    public async Task What_was_not_found_is_recorded_by_name_and_not_as_malformed(string path, string target, Core.Policy.ReasonCode? code)
    {
        await using var own = await AdminHost.StartAsync();
        var answer = await own.PostAsync(path);
        Assert.Equal((404, "not_found"), (answer.Status, answer.Code));
        var record = Assert.Single(own.Audit.Appended);
        Assert.Equal((false, target, code), (record.Allowed, record.Target, record.Code));
    }

    [Fact]
    public async Task A_refusal_that_a_slice_has_recorded_is_not_recorded_twice()
    {
        await using var own = await AdminHost.StartAsync();
        Assert.Equal(404, (await own.PostAsync("/api/v1/servers/none/suspend")).Status);
        Assert.Equal("suspend refused: not_found", Assert.Single(own.Audit.Appended).Action);
        Assert.Equal(422, (await own.PostAsync("/api/v1/apply", """{"documents":[{}],"dryRun":true}""")).Status);
        Assert.Equal(400, (await own.GetAsync("/api/v1/servers?x=y")).Status);
        Assert.Single(own.Audit.Appended);
    }

    [Fact]
    public async Task A_body_of_more_than_4_MiB_is_a_413_whether_announced_or_not()
    {
        var body = Encoding.ASCII.GetBytes("{\"reason\":\"" + new string('x', 4 * 1024 * 1024) + "\"}");
        var announced = await host.SendRawAsync("POST", "/api/v1/apply", body, [("Authorization", $"Bearer {host.Token}")]);
        Assert.Equal((413, "too_large"), (announced.Status, announced.Code));
        var streamed = await host.SendRawAsync("POST", "/api/v1/apply", body, [("Authorization", $"Bearer {host.Token}"), ("Content-Length", "")]);
        Assert.Equal((413, "too_large"), (streamed.Status, streamed.Code));
        Assert.Equal(Core.Policy.ReasonCode.TooLarge, host.Audit.Appended[^1].Code);
    }

    [Fact]
    public async Task A_body_of_another_type_is_a_415()
    {
        var answer = await host.PostAsync("/api/v1/tokens", "servers=x", ("Content-Type", "application/x-www-form-urlencoded"));
        Assert.Equal(415, answer.Status);
    }

    [Fact]
    public async Task A_JSON_text_nested_too_deep_is_refused_without_effort()
    {
        var answer = await host.PostAsync("/api/v1/apply", "{\"documents\":" + new string('[', 100_000));
        Assert.Equal(400, answer.Status);
        Assert.Contains("deeper than 64", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reason_that_is_too_long_names_the_limit()
    {
        var answer = await host.PostAsync("/api/v1/servers/shop/suspend", $$"""{"reason":"{{new string('x', 1025)}}"}""");
        Assert.Equal(422, answer.Status);
        Assert.Contains("1024", answer.Text, StringComparison.Ordinal);
    }
}

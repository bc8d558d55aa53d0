using System.Text;
using System.Text.Json;

namespace Symbolon.ConformanceTests;

/// <summary>The keys of servers over the admin API: what cannot be is told by its code, and gives no code of enrolment.</summary>
[Trait("area", "credentials")]
public sealed class DesignServerKeysTests
{
    [Theory]
    [InlineData("shop", "{}", 409, "wrong_mode")]
    [InlineData("nobody", "{}", 404, "not_found")]
    [InlineData("No.Name", "{}", 404, "not_found")]
    [InlineData("shop", """{"instance":"Not A Name"}""", 422, "invalid")]
    [InlineData("shop", """{"instances":"x"}""", 400, "malformed_request")]
    [Trait("clause", "DESIGN.md §5 no. 9")]
    public async Task A_server_that_cannot_enrol_gets_no_code(string server, string body, int status, string code)
    {
        await using var stage = await TokenStage.StartAsync();
        using var answer = await stage.Server.SendAsync(HttpMethod.Post, $"/api/v1/servers/{server}/enrolments", stage.Server.AdminToken, request =>
            request.Content = new StringContent(body, Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((status, code) == ((int)answer.StatusCode, JsonElement.Parse(text).GetProperty("code").GetString()), text);
        Assert.DoesNotContain("sym_enr_", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_keys_lists_none_and_has_none_to_revoke()
    {
        await using var stage = await TokenStage.StartAsync();
        Assert.Empty((await stage.ApiAsync(HttpMethod.Get, "/servers/shop/keys")).AsArray());
        using var answer = await stage.Server.SendAsync(HttpMethod.Delete, "/api/v1/servers/shop/keys/abc", stage.Server.AdminToken);
        Assert.Equal(404, (int)answer.StatusCode);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Symbolon.ConformanceTests;

/// <summary>People with accounts, and how they sign in.</summary>
internal static class PeopleStage
{
    public const string Password = "lamp orbit fence";

    public static async Task<JsonElement> AddPersonAsync(this RunningServer server, string email, bool admin = false, string? password = Password)
    {
        using var answer = await server.SendAsync(HttpMethod.Post, "/api/v1/users", server.AdminToken, request => request.Content = JsonContent.Create(new { email, admin, password }));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    public static async Task<JsonElement> ChangeAsync(this RunningServer server, string path, object? body = null)
    {
        using var answer = await server.SendAsync(HttpMethod.Post, path, server.AdminToken, request => request.Content = JsonContent.Create(body ?? new { }));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    public static async Task<HttpResponseMessage> TryPersonAsync(this Browser browser, string email, string password = Password, string? to = null) =>
        await browser.PostAsync("/sign-in/password", await browser.PageAsync("/sign-in"), [("email", email), ("password", password), .. to is null ? [] : new[] { ("to", to) }]);

    public static async Task SignInPersonAsync(this Browser browser, string email, string password = Password)
    {
        using var answer = await browser.TryPersonAsync(email, password);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
    }

    public static async Task<HttpStatusCode> StatusAsync(this Browser browser, string path)
    {
        using var answer = await browser.GetAsync(path);
        return answer.StatusCode;
    }
}

using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Symbolon.Testing.Processes;

namespace Symbolon.EndToEndTests.Console;

/// <summary>The pages of people to which only a one-time link leads.</summary>
internal sealed class PeoplePages(Setup setup)
{
    public const string Password = "lamp orbit fence";
    public const string Invited = "erin@example.com";

    /// <summary>The answer to the forms that make a link.</summary>
    private const string Link = "/people/link";
    private const string SetPassword = "/sign-in/set-password";

    public IReadOnlyList<FoundPage> All => [new AnsweredPage(SetPassword, SetPassword, SetPasswordAsync), new AnsweredPage("/people/users/erin%40example.com", Link, ResetAsync)];

    /// <summary>A link lives ten minutes: each look has its own.</summary>
    private async Task<int> SetPasswordAsync(Tab tab) =>
        await tab.GoAsync((string)(await setup.Api.PostAsync($"/users/{Invited}/reset", new JsonObject()))["setPasswordPath"]!);

    private static async Task<int> ResetAsync(Tab tab)
    {
        await tab.GoAsync("/people/users/erin%40example.com");
        var form = tab.Page.Locator("form[action$='/reset']");
        await form.Locator("[name=confirm]").FillAsync(Invited);
        return (await tab.Page.RunAndWaitForResponseAsync(() => form.GetByRole(AriaRole.Button).ClickAsync(), answer => answer.Request.Method == "POST")).Status;
    }
}

using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;

namespace Symbolon.EndToEndTests.Console;

/// <summary>The pages of people to which only a one-time link leads.</summary>
internal sealed class PeoplePages(Setup setup)
{
    public const string Password = "lamp orbit fence";
    public const string Invited = "erin@example.com";

    private const string SetPassword = "/sign-in/set-password";

    public IReadOnlyList<FoundPage> All => [new AnsweredPage(SetPassword, SetPassword, SetPasswordAsync)];

    /// <summary>A link lives ten minutes: each look has its own.</summary>
    private async Task<int> SetPasswordAsync(Tab tab) =>
        await tab.GoAsync((string)(await setup.Api.PostAsync($"/users/{Invited}/reset", new JsonObject()))["setPasswordPath"]!);
}

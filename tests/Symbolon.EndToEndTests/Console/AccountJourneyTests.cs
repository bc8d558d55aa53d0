using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Processes;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Symbolon.EndToEndTests.Console;

/// <summary>People with accounts, in a browser and at the command line.</summary>
[Collection(nameof(Alone))]
[Trait("area", "accounts")]
public sealed partial class AccountJourneyTests(Chromium chromium)
{
    private const string Root = "root@example.com";
    private const string Bob = "bob@example.com";

    [Fact]
    public async Task A_person_added_by_a_command_signs_in_sees_what_is_their_own_and_ends_with_a_suspension()
    {
        await using var symbolon = await SymbolonProcess.StartAsync();
        await AddAsync(symbolon, Root, "--admin");
        await AddAsync(symbolon, Bob, "--name", "Bob");
        await using var bob = await chromium.OpenAsync(symbolon.Url);
        await bob.GoAsync("/sign-in");
        await bob.SignInAsync(Bob, PeoplePages.Password);
        await Expect(bob.Page.GetByRole(AriaRole.Heading, new() { Name = "My access" })).ToBeVisibleAsync();
        await Expect(bob.Page.GetByRole(AriaRole.Link, new() { Name = "Servers" })).ToHaveCountAsync(0);
        Assert.Empty(await Axe.FaultsAsync(bob.Page));
        Assert.Empty(bob.TakeFaults());

        await using var root = await chromium.OpenAsync(symbolon.Url);
        await root.GoAsync("/people/users/bob%40example.com");
        await root.SignInAsync(Root, PeoplePages.Password);
        // Led to the page that was asked for.
        var form = root.Page.Locator("form[action$='/suspend']");
        await form.Locator("[name=confirm]").FillAsync(Bob);
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(root.Page.GetByRole(AriaRole.Status)).ToContainTextAsync($"{Bob} is suspended");

        Assert.Equal(401, await bob.GoAsync("/my-access"));
        await bob.SignInAsync(Bob, PeoplePages.Password);
        await Expect(bob.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("cannot sign in");
    }

    [Fact]
    public async Task A_person_added_in_the_console_sets_a_password_by_the_link_and_signs_in()
    {
        await using var symbolon = await SymbolonProcess.StartAsync();
        await AddAsync(symbolon, Root, "--admin");
        await using var root = await chromium.OpenAsync(symbolon.Url);
        await root.GoAsync("/people/new");
        await root.SignInAsync(Root, PeoplePages.Password);
        await root.Page.GetByLabel("E-mail address").FillAsync(Bob);
        await root.Page.GetByRole(AriaRole.Button, new() { Name = "Add person" }).ClickAsync();
        var link = await root.Page.Locator("#secret").TextContentAsync();
        Assert.Empty(await Axe.FaultsAsync(root.Page));
        // A reload sends the form again: it makes nothing twice, and the link is not shown again.
        await root.Page.ReloadAsync();
        await Expect(root.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("This form was sent before");

        await using var bob = await chromium.OpenAsync(symbolon.Url);
        await bob.GoAsync(link!);
        await bob.Page.GetByLabel("New password").FillAsync(PeoplePages.Password);
        await bob.Page.GetByLabel("Again").FillAsync(PeoplePages.Password);
        await bob.Page.GetByRole(AriaRole.Button, new() { Name = "Set password" }).ClickAsync();
        await bob.SignInAsync(Bob, PeoplePages.Password);
        await Expect(bob.Page.GetByRole(AriaRole.Heading, new() { Name = "My access" })).ToBeVisibleAsync();
        Assert.Equal(401, await bob.GoAsync(link!));
    }

    [Fact]
    public async Task A_command_line_signs_in_at_the_browser_and_acts_for_the_person_until_it_signs_out()
    {
        await using var symbolon = await SymbolonProcess.StartAsync();
        await AddAsync(symbolon, Root, "--admin");
        var home = Directory.CreateTempSubdirectory("symbolon-home-");
        try
        {
            await using var login = Start(symbolon, home.FullName, "login", "--no-browser");
            var address = await login.LineAsync(line => line.StartsWith("http", StringComparison.Ordinal));
            await using var tab = await chromium.OpenAsync(symbolon.Url);
            await tab.GoAsync(address);
            await tab.SignInAsync(Root, PeoplePages.Password);
            var mark = await tab.Page.Locator("strong code").TextContentAsync();
            Assert.Contains(login.Errors, line => line.Contains($"look for {mark}", StringComparison.Ordinal));
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Let it act for me" }).ClickAsync();
            await Expect(tab.Page.GetByText("You are signed in to the command line")).ToBeVisibleAsync();
            Assert.Equal(0, await login.ExitAsync());
            Assert.Contains(login.Errors, line => line.Contains($"as {Root}", StringComparison.Ordinal));

            var profile = Path.Combine(home.FullName, "symbolon", "profile.json");
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(profile));
            var (code, output) = await RunAsync(symbolon, home.FullName, "user", "list", "-o", "json");
            Assert.Equal(0, code);
            Assert.Contains(Root, output, StringComparison.Ordinal);
            Assert.Equal(0, (await RunAsync(symbolon, home.FullName, "user", "add", Bob, "--link")).Code);
            Assert.Contains($"\"by\":\"{Root}\"", CompactOf((await symbolon.RunAsync("audit", "query", "-o", "json")).Expect().Output), StringComparison.Ordinal);

            var token = SecretOf(await File.ReadAllTextAsync(profile, TestContext.Current.CancellationToken));
            Assert.Equal(0, (await RunAsync(symbolon, home.FullName, "logout")).Code);
            Assert.False(File.Exists(profile));
            Assert.Equal(4, (await RunAsync(symbolon, home.FullName, "user", "list")).Code);
            await using var stolen = ChildProcess.Start(SymbolonProcess.Program, ["user", "list"], new Dictionary<string, string?> { ["SYMBOLON_URL"] = symbolon.Url.GetLeftPart(UriPartial.Authority), ["SYMBOLON_TOKEN"] = token });
            Assert.Equal(4, await stolen.ExitAsync());
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private static async Task AddAsync(SymbolonProcess symbolon, string email, params string[] options)
    {
        var file = Path.Combine(symbolon.Folder, "password");
        await File.WriteAllTextAsync(file, PeoplePages.Password + "\n", TestContext.Current.CancellationToken);
        (await symbolon.RunAsync(["user", "add", email, "--password-file", file, .. options])).Expect();
    }

    private static ChildProcess Start(SymbolonProcess symbolon, string home, params string[] command) => ChildProcess.Start(SymbolonProcess.Program, command, new Dictionary<string, string?>
    {
        ["SYMBOLON_URL"] = symbolon.Url.GetLeftPart(UriPartial.Authority), ["SYMBOLON_TOKEN"] = null, ["SYMBOLON_TOKEN_FILE"] = null, ["XDG_CONFIG_HOME"] = home,
    });

    private static async Task<(int Code, string Output)> RunAsync(SymbolonProcess symbolon, string home, params string[] command)
    {
        await using var child = Start(symbolon, home, command);
        return (await child.ExitAsync(TimeSpan.FromMinutes(1)), string.Join('\n', child.Output));
    }

    private static string CompactOf(string json) => Spaces().Replace(json, "");

    private static string SecretOf(string profile) => Secret().Match(profile).Value;

    [GeneratedRegex("\\s")]
    private static partial Regex Spaces();

    [GeneratedRegex("sym_adm_[0-9A-Za-z]+")]
    private static partial Regex Secret();
}

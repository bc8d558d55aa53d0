using System.CommandLine;
using System.Text.Json;
using Symbolon.Admin.Identities;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon user</c>: people, and the accounts by which they sign in.</summary>
internal static class UserCommands
{
    public static Command Build(Outside outside) => new("user", "People: who has an account, or is named by grants and tokens")
    {
        Verb.List(outside, "user", "users", Column.At("EMAIL", "email"), Column.At("ACCOUNT", "account.state"), Column.At("ROLE", "account.role"), Column.At("LAST SIGN-IN", "account.lastSignInAt"),
            Column.At("LIVE TOKENS", "liveTokens"), Column.At("LAST SEEN", "lastSeenAt"), Column.At("READ", "reach.read"), Column.At("WRITE", "reach.write"), Column.At("IRREVERSIBLE", "reach.irreversible")),
        Verb.Show(outside, "user", "users", "email"),
        Add(outside),
        Step(outside, "suspend", "End a person's sessions, let nobody sign in, and revoke all that was issued to the person", "is suspended. What was issued to the person is revoked, and stays so"),
        Step(outside, "resume", "Let a person sign in again", "signs in again"),
        Reset(outside),
        Role(outside),
    };

    private static Command Add(Outside outside)
    {
        var email = new Argument<string>("email");
        var name = new Option<string?>("--name") { Description = "As the person is greeted", HelpName = "NAME" };
        var admin = new Option<bool>("--admin") { Description = "May use the whole console and the admin API; without it the person sees what is their own" };
        var password = new PasswordOptions();
        var reason = ReasonOption.Make();
        return new Command("add", "Make an account: asks for a password, or gives a link by which the person sets one") { email, name, admin, password.File, password.Link, reason }.Does(outside, async run =>
        {
            var request = new CreateUserRequest
            {
                Email = run.Value(email),
                Name = run.Value(name),
                Admin = run.Value(admin),
                Password = await password.ReadAsync(run, $"Password of {run.Value(email)}"),
                Reason = run.Value(reason),
            };
            var added = await run.Client.PostAsync("users", request, run.Cancellation);
            run.Screen.Note($"{JsonPath.Text(added, "email")} has an account, as {(run.Value(admin) ? "administrator" : "member")}.");
            Show(run, added);
        });
    }

    private static Command Reset(Outside outside)
    {
        var email = new Argument<string>("email");
        var password = new PasswordOptions();
        var reason = ReasonOption.Make();
        return new Command("reset", "End a password, with every session, command line and token of the person, and give another or a link to set one") { email, password.File, password.Link, reason }.Does(outside, async run =>
        {
            var request = new ResetUserRequest { Password = await password.ReadAsync(run, $"New password of {run.Value(email)}"), Reason = run.Value(reason) };
            var changed = await run.Client.PostAsync($"users/{Verb.Segment(run.Value(email))}/reset", request, run.Cancellation);
            run.Screen.Note($"The old password of {JsonPath.Text(changed, "email")} is dead, and so is every session, command line and token of that person.");
            Show(run, changed);
        });
    }

    private static Command Role(Outside outside)
    {
        var email = new Argument<string>("email");
        var role = new Argument<string>("role") { HelpName = "admin|member" };
        var reason = ReasonOption.Make();
        return new Command("role", "Make a person an administrator, or a member") { email, role, reason }.Does(outside, async run =>
        {
            var changed = await run.Client.PostAsync($"users/{Verb.Segment(run.Value(email))}/role", new UserRoleRequest { Role = run.Value(role), Reason = run.Value(reason) }, run.Cancellation);
            run.Screen.Note($"{JsonPath.Text(changed, "email")} is {JsonPath.Text(changed, "account.role")} now, in open sessions too.");
            Show(run, changed);
        });
    }

    private static Command Step(Outside outside, string step, string summary, string done)
    {
        var email = new Argument<string>("email");
        var reason = ReasonOption.Make();
        return new Command(step, summary) { email, reason }.Does(outside, async run =>
        {
            var changed = await run.Client.PostAsync($"users/{Verb.Segment(run.Value(email))}/{step}", new Admin.Api.ReasonRequest { Reason = run.Value(reason) }, run.Cancellation);
            run.Screen.Note($"{JsonPath.Text(changed, "email")} {done}.");
            Show(run, changed);
        });
    }

    /// <summary>The link is data: it is shown once.</summary>
    private static void Show(CommandRun run, JsonElement changed)
    {
        var path = JsonPath.Text(changed, "setPasswordPath");
        if (!string.IsNullOrEmpty(path)) run.Screen.Note("Give this link to that person alone. It works once, for ten minutes:");
        if (run.Screen.Format != OutputFormat.Table) run.Screen.ShowWhole(changed);
        else if (!string.IsNullOrEmpty(path)) run.Screen.Line(new Uri(run.Client.Url, path).AbsoluteUri);
    }
}

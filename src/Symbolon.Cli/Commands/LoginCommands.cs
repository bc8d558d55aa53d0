using System.Buffers.Text;
using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Admin.Api;
using Symbolon.Admin.Logins;
using Symbolon.Cli.Api;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;
using Symbolon.Cli.SigningIn;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon login</c> and <c>logout</c>: an administrator lets this command line act, at the browser.</summary>
internal static class LoginCommands
{
    private const int SecretBytes = 32;
    private const int Compared = 6;
    private const int MostLabel = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static Command Login(Outside outside)
    {
        var noBrowser = new Option<bool>("--no-browser") { Description = "Print the address alone, and open no browser" };
        var command = new Command("login", "Let this command line act for you, at the browser, for eight hours") { noBrowser, List(outside), End(outside) };
        return command.Does(outside, run => SignInAsync(run, opens: !run.Value(noBrowser)));
    }

    public static Command Logout(Outside outside) => new Command("logout", "End what login began, on the server and here").Does(outside, async run =>
    {
        if (Profile.Read(outside.Variable) is not { } profile)
        {
            run.Screen.Note("Nobody is signed in here.");
            return;
        }
        using var client = new AdminClient(new AdminAddress(new Uri(profile.Url), profile.Token), outside.Handler());
        try
        {
            await client.PostAsync($"logins/{Verb.Segment(profile.Id)}/end", new ReasonRequest(), run.Cancellation);
        }
        catch (CommandException dead) when (dead.ExitCode is ExitCode.SignInNeeded or ExitCode.NotFound)
        {
            // It was over already.
        }
        Profile.Delete(outside.Variable);
        run.Screen.Note($"Signed out of {profile.Url}. The token is refused from now on.");
    });

    private static async Task SignInAsync(CommandRun run, bool opens)
    {
        var outside = run.Outside;
        var server = AdminAddress.UrlOf(outside.Variable);
        using var browser = new BrowserAnswer();
        var (state, verifier) = (Secret(), Secret());
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var page = new Uri(server, string.Create(CultureInfo.InvariantCulture, $"/command-line?port={browser.Port}&state={state}&challenge={challenge}&label={Uri.EscapeDataString(Label())}"));
        run.Screen.Note($"Go to this address in a browser on this machine, and look for {state[..Compared]}:");
        run.Screen.Line(page.AbsoluteUri);
        if (opens) outside.OpenBrowser?.Invoke(page);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        limit.CancelAfter(Patience);
        IReadOnlyDictionary<string, string> answer;
        try
        {
            answer = await browser.WaitAsync(state, limit.Token);
        }
        catch (OperationCanceledException) when (!run.Cancellation.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.SignInNeeded, "login_expired", "Nobody answered at the browser within five minutes. Nothing was changed.");
        }
        if (!answer.TryGetValue("code", out var code)) throw new CommandException(ExitCode.SignInNeeded, "login_refused", "It was refused at the browser. Nothing was changed.");
        using var client = new AdminClient(new AdminAddress(server, null), outside.Handler());
        var redeemed = await client.PostAsync<RedeemedLoginResponse>("logins/redeem", new RedeemLoginRequest { Code = code, Verifier = verifier }, run.Cancellation);
        new Profile(server.GetLeftPart(UriPartial.Authority), redeemed.Id, redeemed.Token, redeemed.Email, redeemed.ExpiresAt).Write(outside.Variable);
        run.Screen.Note($"Signed in to {server.GetLeftPart(UriPartial.Authority)} as {redeemed.Email}, until {redeemed.ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC.");
    }

    private static Command List(Outside outside)
    {
        var command = new Command("list", "List the command lines that act for administrators");
        command.Aliases.Add("ls");
        return command.Does(outside, async run => run.Screen.Show(await run.Client.ListAsync("logins", Verb.MostItems, run.Cancellation),
            Column.At("COMMAND LINE", "id"), Column.At("FOR", "email"), Column.At("WHERE", "label"), Column.At("SINCE", "issuedAt"), Column.At("UNTIL", "expiresAt")));
    }

    private static Command End(Outside outside)
    {
        var id = new Argument<string>("id");
        var reason = ReasonOption.Make();
        return new Command("end", "End what a command line may do") { id, reason }.Does(outside, async run =>
        {
            await run.Client.PostAsync($"logins/{Verb.Segment(run.Value(id))}/end", new ReasonRequest { Reason = run.Value(reason) }, run.Cancellation);
            run.Screen.Note($"{run.Value(id)} is ended. Its token is refused from now on.");
        });
    }

    private static string Secret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Where it is, as the page and the records show it.</summary>
    private static string Label()
    {
        var name = new string([.. Environment.MachineName.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_').Take(MostLabel)]);
        return name.Length == 0 ? "this-machine" : name;
    }
}

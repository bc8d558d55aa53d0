using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.UnitTests.Admin;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>
/// Alice at her browser, with look, find (all that reads) and change on shop and look on deploy; clients: <c>cli</c> (public, on the loopback), <c>web</c>
/// (public, one https site), <c>vault</c> (its own key, agent bot).
/// </summary>
internal sealed class CodeFlow : IAsyncDisposable
{
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    public const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    public const string Cli = "http://127.0.0.1:7000/callback";
    public const string Web = "https://app.example.com/cb";
    public const string Alice = "alice@example.com";

    private CodeFlow(OAuthHost host) => Host = host;

    public OAuthHost Host { get; }

    public static async Task<CodeFlow> StartAsync(Symbolon.AuthorizationServer.AuthorizationServerOptions? options = null)
    {
        var host = await OAuthHost.StartAsync(options);
        host.Apply(
            OAuthHost.PersonGrant("alice-shop", Alice, "shop", [new("change")], [Effect.Read]), OAuthHost.PersonGrant("alice-deploy", Alice, "deploy", [new("look")], []),
            Client("cli", Cli, "http://[::1]/callback", "http://localhost/callback"), Client("web", Web), Client("other", Cli, Web),
            Client("vault", "https://vault.example.com/cb") with { Agent = new("bot"), Keys = [host.Key.PublicKey.ToJson()] });
        await host.SetAccountAsync(Alice);
        host.People.SignedInAt = Symbolon.Core.UnixTime.Microseconds(host.Clock);
        return new CodeFlow(host);
    }

    public static ClientObject Client(string name, params string[] redirects) => new() { Name = name, Owner = "o@example.com", Redirects = [.. redirects] };

    /// <summary>The parameters of an honest request of <c>cli</c>, each of which can be replaced, or left out by null.</summary>
    public static string Query(params (string Name, string? Value)[] more)
    {
        (string Name, string? Value)[] usual =
        [
            ("response_type", "code"), ("client_id", "cli"), ("redirect_uri", Cli), ("code_challenge", Challenge), ("code_challenge_method", "S256"),
            ("state", "s t&ä=1"), ("resource", OAuthHost.Shop),
        ];
        return string.Join('&', usual.Where(each => !more.Any(other => other.Name == each.Name)).Concat(more).Where(each => each.Value is not null)
            .Select(each => $"{Uri.EscapeDataString(each.Name)}={Uri.EscapeDataString(each.Value!)}"));
    }

    public Task<Answer> AuthorizeAsync(params (string Name, string? Value)[] more) => AuthorizeAsync(Query(more));

    /// <param name="who">Null for a browser in which nobody is signed in.</param>
    public Task<Answer> AuthorizeAsync(string query, string? who = Alice, string session = "", string? browser = null) => Host.SendAsync(
        "GET", "/oauth/authorize?" + query, null, headers: ("Cookie", Cookies(who, session) + (browser is null ? "" : $"; __Host-symbolon-request={browser}")));

    /// <summary>Sends a question's form back.</summary>
    public Task<Answer> AnswerAsync(string ticket, string answer = "allow", string who = Alice, string session = "", string? life = "2592000", params string[] tools)
    {
        var form = $"ticket={ticket}&answer={answer}" + (life is null ? "" : $"&life={life}") + string.Concat(tools.Select(tool => $"&tool={tool}"));
        return Host.SendAsync("POST", "/oauth/consent", form, headers: ("Cookie", Cookies(who, session)));
    }

    /// <summary>The code of a request that alice consents to in full.</summary>
    public async Task<string> CodeAsync(params (string Name, string? Value)[] more)
    {
        var asked = await AuthorizeAsync(more);
        if (asked.Status == 303) return Member(asked, "code")!;
        Assert.True(asked.Status == 200, asked.Text);
        var answer = await AnswerAsync(asked.Text, tools: [.. Host.Pages.Asked!.Tools.Select(tool => tool.Name)]);
        return Member(answer, "code") ?? throw new InvalidOperationException(answer.Text + Location(answer));
    }

    public Task<Answer> RedeemAsync(string code, params (string Name, string? Value)[] more)
    {
        (string Name, string? Value)[] usual =
            [("grant_type", "authorization_code"), ("code", code), ("client_id", "cli"), ("redirect_uri", Cli), ("code_verifier", Verifier)];
        return Host.PostAsync("/oauth/token", [.. usual.Where(each => !more.Any(other => other.Name == each.Name)), .. more]);
    }

    public Task<Answer> RefreshAsync(string token, params (string Name, string? Value)[] more)
    {
        (string Name, string? Value)[] usual = [("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", "cli")];
        return Host.PostAsync("/oauth/token", [.. usual.Where(each => !more.Any(other => other.Name == each.Name)), .. more]);
    }

    /// <summary>Access and refresh token of a consent in full.</summary>
    public async Task<(string Access, string Refresh)> TokensAsync(params (string Name, string? Value)[] more) => TokensOf(await RedeemAsync(await CodeAsync(more)));

    public static (string Access, string Refresh) TokensOf(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Text);
        return (answer.Json.GetProperty("access_token").GetString()!, answer.Json.GetProperty("refresh_token").GetString()!);
    }

    public static string? Error(Answer answer) => answer.Json.GetProperty("error").GetString();

    public static string Location(Answer answer) => answer.Headers.GetValueOrDefault("Location") ?? "";

    /// <summary>A parameter of the address that an answer leads to.</summary>
    public static string? Member(Answer answer, string name) =>
        Location(answer) is { Length: > 0 } address && Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(address[(address.IndexOf('?', StringComparison.Ordinal) + 1)..])
            .TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>Whether the gateway would take the token at this moment.</summary>
    public bool IsAlive(string access) =>
        Host.Read(access) is Core.AccessTokens.AccessTokenReading.Valid { Token: var token } && !Host.Configuration.Epochs.IsRevoked(token, token.Servers[0].Server);

    public static string ChallengeOf(string verifier) => Symbolon.Jose.Base64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private static string Cookies(string? who, string session) => who is null ? "none=1" : $"who={who}; session={session}";
}

using System.Net;
using System.Text.RegularExpressions;
using Symbolon.Testing.Processes;

namespace Symbolon.EndToEndTests.Proofs;

/// <summary>A person at a browser without scripts: keeps cookies, signs in when asked to, and allows every tool.</summary>
internal sealed partial class PersonBrowser : IDisposable
{
    public const string Password = "lamp orbit fence";

    /// <summary>Where clients wait for their answers; nobody listens there.</summary>
    public const string Callback = "http://127.0.0.1:9/callback";

    private readonly CookieContainer jar = new();
    private readonly HttpClient client;
    private readonly string email;

    public PersonBrowser(SymbolonProcess symbolon, string email)
    {
        this.email = email;
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = jar, UseProxy = false }) { BaseAddress = symbolon.Url };
    }

    /// <summary>The cookie of the console, once somebody signed in.</summary>
    public Cookie Session => jar.GetCookies(client.BaseAddress!).Single(cookie => cookie.Name == $"symbolon-{client.BaseAddress!.Port}");

    /// <summary>Opens a page and says what it answered.</summary>
    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await client.GetAsync(path);
        return answer.StatusCode;
    }

    /// <summary>Brings a client's request to the authorization endpoint.</summary>
    /// <returns>What the client's callback is told.</returns>
    /// <exception cref="InvalidOperationException">The browser came to a page from which nothing leads on; the message is its status and text.</exception>
    public async Task<IReadOnlyDictionary<string, string>> BringAsync(string query)
    {
        var next = new HttpRequestMessage(HttpMethod.Get, "/oauth/authorize?" + query);
        while (true)
        {
            using var answer = await client.SendAsync(next);
            var page = await answer.Content.ReadAsStringAsync();
            if (answer.Headers.Location is { } location)
            {
                if (location.OriginalString.StartsWith(Callback, StringComparison.Ordinal))
                    return location.Query.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
                next = new HttpRequestMessage(HttpMethod.Get, location);
            }
            else if (answer.StatusCode == HttpStatusCode.OK && page.Contains("action=\"/sign-in/password\"", StringComparison.Ordinal))
                next = Form("/sign-in/password", ("form", Hidden(page, "form")), ("to", Hidden(page, "to")), ("email", email), ("password", Password));
            else if (page.Contains("action=\"/oauth/consent\"", StringComparison.Ordinal))
                next = Form("/oauth/consent", [("ticket", Hidden(page, "ticket")), ("answer", "allow"), ("life", "3600"), .. Tool().Matches(page).Select(match => ("tool", match.Groups[1].Value))]);
            else throw new InvalidOperationException($"{(int)answer.StatusCode} {page}");
        }
    }

    public void Dispose() => client.Dispose();

    private static HttpRequestMessage Form(string path, params (string Name, string Value)[] fields) =>
        new(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) };

    private static string Hidden(string page, string name) => WebUtility.HtmlDecode(Regex.Match(page, $"name=\"{name}\" value=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("name=\"tool\" value=\"([^\"]+)\"")]
    private static partial Regex Tool();
}

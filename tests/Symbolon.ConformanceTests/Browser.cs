using System.Net;
using System.Text.RegularExpressions;

namespace Symbolon.ConformanceTests;

/// <summary>Keeps cookies, and sends a page's form token with its forms.</summary>
/// <param name="cookies">What it has already, as a header says it.</param>
internal sealed partial class Browser(RunningServer server, string? cookies = null) : IDisposable
{
    private readonly CookieContainer jar = new();
    private HttpClient? client;

    public string Cookies => jar.GetCookieHeader(server.Client.BaseAddress!);

    /// <summary>The same under the names that another server gives them, as if it had the same address: a name holds the address's port.</summary>
    public string CookiesOn(RunningServer other) => PortOfName().Replace(Cookies, $"-{other.Client.BaseAddress!.Port}=");

    private HttpClient Client => client ??= Make();

    private HttpClient Make()
    {
        foreach (var cookie in cookies?.Split("; ") ?? []) jar.SetCookies(server.Client.BaseAddress!, cookie);
        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, CookieContainer = jar, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = server.Client.BaseAddress };
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>An answer that does not end by itself.</summary>
    public Task<HttpResponseMessage> OpenAsync(string path) => Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

    public Task<string> PageAsync(string path) => Client.GetStringAsync(path, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> PostAsync(string path, string page, params (string Name, string Value)[] fields) => PostAsync(path, page, null, fields);

    public Task<HttpResponseMessage> PostAsync(string path, string page, string? origin, params (string Name, string Value)[] fields)
    {
        var form = fields.Select(field => KeyValuePair.Create(field.Name, field.Value)).ToList();
        if (FormToken().Match(page) is { Success: true } token) form.Add(KeyValuePair.Create("form", token.Groups[1].Value));
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        if (origin is not null) request.Headers.Add("Origin", origin);
        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a form whose fields go out only when the server has read the headers and <paramref name="meanwhile"/> is done.</summary>
    public Task<HttpResponseMessage> PostLateAsync(string path, string page, Func<Task> meanwhile, params (string Name, string Value)[] fields)
    {
        var form = fields.Append((Name: "form", Value: FormToken().Match(page).Groups[1].Value)).Select(field => KeyValuePair.Create(field.Name, field.Value));
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new LateContent(new FormUrlEncodedContent(form), meanwhile) };
        request.Headers.ExpectContinue = true;
        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task SignInAsync()
    {
        using var answer = await PostAsync("/sign-in/token", await PageAsync("/sign-in"), ("token", server.AdminToken));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
    }

    public void Dispose() => client?.Dispose();

    [GeneratedRegex("-[0-9]+=")]
    private static partial Regex PortOfName();

    [GeneratedRegex("name=\"form\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Symbolon.Testing.Processes;

/// <summary>The admin API of a running program, as its administrator.</summary>
public sealed class AdminApi(SymbolonProcess symbolon) : IDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });

    public Task<JsonNode> GetAsync(string path) => SuccessAsync(HttpMethod.Get, path, null);

    public Task<JsonNode> PostAsync(string path, JsonNode body) => SuccessAsync(HttpMethod.Post, path, body);

    /// <summary>The status and body, whatever they are.</summary>
    public async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(symbolon.Url, "/api/v1" + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", symbolon.AdminToken);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Applies documents in the form of the files.</summary>
    public Task ApplyAsync(params JsonNode[] documents) =>
        PostAsync("/apply", new JsonObject { ["documents"] = new JsonArray([.. documents.Select(each => each.DeepClone())]) });

    /// <summary>The events of the records that match, oldest first.</summary>
    /// <param name="filter">Query parameters, for example <c>server=orders&amp;kind=call_outcome</c>.</param>
    public async Task<IReadOnlyList<JsonNode>> AuditAsync(string filter) =>
        [.. (await GetAsync($"/audit?order=asc&limit=200&{filter}")).AsArray().Select(record => record!["event"]!)];

    public void Dispose() => client.Dispose();

    private async Task<JsonNode> SuccessAsync(HttpMethod method, string path, JsonNode? body)
    {
        var (status, text) = await SendAsync(method, path, body?.ToJsonString());
        return (int)status is >= 200 and < 300
            ? JsonNode.Parse(text)!
            : throw new InvalidOperationException($"{method} {path} answered {(int)status}: {text}");
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Symbolon.Admin;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Api;

/// <summary>
/// The admin API as commands use it: JSON in, JSON out, the API's own objects. Every failure is a <see cref="CommandException"/> with
/// the exit code that fits.
/// </summary>
internal sealed class AdminClient : IDisposable
{
    private const int MostBytes = 64 * 1024 * 1024;
    private readonly HttpClient http;
    private readonly AdminAddress address;

    public AdminClient(AdminAddress address, HttpMessageHandler handler)
    {
        this.address = address;
        http = new HttpClient(handler) { BaseAddress = address.Url, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("symbolon-cli", "0"));
        if (address.Token is { } token) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Uri Url => address.Url;

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellation) => CallAsync(HttpMethod.Get, path, null, cancellation);

    public async Task<T> GetAsync<T>(string path, CancellationToken cancellation) =>
        (await GetAsync(path, cancellation)).Deserialize<T>(AdminJson.Default.Options)!;

    public Task<JsonElement> PostAsync(string path, object? body, CancellationToken cancellation) => CallAsync(HttpMethod.Post, path, body, cancellation);

    public Task<JsonElement> DeleteAsync(string path, object? body, CancellationToken cancellation) => CallAsync(HttpMethod.Delete, path, body, cancellation);

    public Task<JsonElement> PutAsync(string path, object body, CancellationToken cancellation) => CallAsync(HttpMethod.Put, path, body, cancellation);

    /// <summary>The same as one of the API's records.</summary>
    public async Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellation) =>
        (await PostAsync(path, body, cancellation)).Deserialize<T>(AdminJson.Default.Options)!;

    /// <summary>All pages of a list, following <c>Link: …; rel="next"</c>, as one list.</summary>
    /// <param name="most">Stops after this many items.</param>
    public async Task<JsonElement> ListAsync(string path, int most, CancellationToken cancellation)
    {
        var items = new List<JsonElement>();
        for (string? next = path; next is not null && items.Count < most;)
        {
            using var response = await SendAsync(HttpMethod.Get, next, null, TimeSpan.FromSeconds(30), cancellation);
            items.AddRange((await ReadAsync(response, cancellation)).EnumerateArray());
            next = PageLink.Next(response.Headers);
        }
        return JsonSerializer.SerializeToElement(items.Take(most));
    }

    /// <summary>An answer that is read as it comes: an export, or events. Ends only with the answer or the command.</summary>
    public async Task<Stream> OpenAsync(string path, string mediaType, CancellationToken cancellation)
    {
        var response = await SendAsync(HttpMethod.Get, path, null, Timeout.InfiniteTimeSpan, cancellation, mediaType);
        return await response.Content.ReadAsStreamAsync(cancellation);
    }

    public void Dispose() => http.Dispose();

    private async Task<JsonElement> CallAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var response = await SendAsync(method, path, body, TimeSpan.FromSeconds(30), cancellation);
        return await ReadAsync(response, cancellation);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, object? body, TimeSpan patience, CancellationToken cancellation, string accept = "application/json")
    {
        using var request = new HttpRequestMessage(method, "/api/v1/" + path.TrimStart('/'));
        request.Headers.Accept.ParseAdd(accept);
        request.Headers.Accept.ParseAdd("application/problem+json");
        if (body is not null) request.Content = new StringContent(JsonSerializer.Serialize(body, body.GetType(), AdminJson.Default), Encoding.UTF8, "application/json");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.IsSuccessStatusCode) return response;
            using (response) throw await ApiProblem.ReadAsync(response, address, limit.Token);
        }
        catch (HttpRequestException fault)
        {
            throw Unreachable(fault.InnerException?.Message ?? fault.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable("it did not answer in time");
        }
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.StatusCode == HttpStatusCode.NoContent) return default;
        try
        {
            await response.Content.LoadIntoBufferAsync(MostBytes, cancellation);
            await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
            using var document = await JsonDocument.ParseAsync(stream, default, cancellation);
            return document.RootElement.Clone();
        }
        catch (Exception fault) when (fault is JsonException or HttpRequestException)
        {
            throw new CommandException(ExitCode.Error, "bad_answer", $"The server's answer cannot be read: {fault.Message}");
        }
    }

    private CommandException Unreachable(string why) =>
        new(ExitCode.Unreachable, "unreachable", $"{address.Url} cannot be reached: {why}.")
        {
            Hint = "Is it running (symbolon serve)? Another address goes into SYMBOLON_URL.",
        };
}

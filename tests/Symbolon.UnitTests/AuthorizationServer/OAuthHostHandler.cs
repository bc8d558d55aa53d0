using System.Net;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>The endpoints of the host for whoever speaks HTTP, without a network.</summary>
internal sealed class OAuthHostHandler(OAuthHost host) : HttpMessageHandler
{
    /// <summary>What is answered instead; null for what the endpoints say.</summary>
    public Func<HttpRequestMessage, string, HttpResponseMessage?>? Instead { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        if (Instead?.Invoke(request, body ?? "") is { } other) return other;
        (string, string)[] headers = [.. request.Headers.Where(each => each.Key != "Host").SelectMany(each => each.Value.Select(value => (each.Key, value)))];
        var answer = await host.SendAsync(request.Method.Method, request.RequestUri!.PathAndQuery, body, headers: headers);
        var response = new HttpResponseMessage((HttpStatusCode)answer.Status) { Content = new ByteArrayContent(answer.Body) };
        foreach (var (name, value) in answer.Headers)
            if (!response.Headers.TryAddWithoutValidation(name, value)) response.Content.Headers.TryAddWithoutValidation(name, value);
        return response;
    }
}

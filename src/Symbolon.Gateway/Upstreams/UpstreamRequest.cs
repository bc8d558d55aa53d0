using System.Net.Http.Headers;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams.Credentials;

namespace Symbolon.Gateway.Upstreams;

/// <summary>
/// Makes what is sent to an upstream. Headers come from this list alone, nothing is copied that the list does not name: not the
/// caller's Authorization, cookies, forwarding headers or session id. DESIGN.md section 5, promise 3.
/// </summary>
internal static class UpstreamRequest
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static HttpRequestMessage Post(Uri url, ReadOnlyMemory<byte> body, CredentialHeader credential, string? version, string? session)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = Json;
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        Add(request, credential, version, session);
        return request;
    }

    /// <summary>The stream of a legacy session.</summary>
    public static HttpRequestMessage Get(Uri url, CredentialHeader credential, string? version, string? session)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        Add(request, credential, version, session);
        return request;
    }

    /// <summary>The rest of a stream of a legacy session, behind the event with this id.</summary>
    public static HttpRequestMessage Resume(Uri url, CredentialHeader credential, string? version, string? session, string lastEvent)
    {
        var request = Get(url, credential, version, session);
        request.Headers.TryAddWithoutValidation(McpHeaders.LastEvent, lastEvent);
        return request;
    }

    /// <summary>The end of a legacy session.</summary>
    public static HttpRequestMessage Delete(Uri url, CredentialHeader credential, string? version, string? session)
    {
        var request = new HttpRequestMessage(HttpMethod.Delete, url);
        Add(request, credential, version, session);
        return request;
    }

    private static void Add(HttpRequestMessage request, CredentialHeader credential, string? version, string? session)
    {
        if (version is not null) request.Headers.TryAddWithoutValidation(McpHeaders.Version, version);
        if (session is not null) request.Headers.TryAddWithoutValidation(McpHeaders.Session, session);
        credential.AddTo(request);
    }
}

using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Symbolon.EndToEndTests.Crowds;

/// <summary>How a <see cref="CrowdServer"/> writes.</summary>
internal static class CrowdAnswer
{
    public static Task BeginAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        return http.Response.Body.FlushAsync(http.RequestAborted);
    }

    public static async Task EventAsync(HttpContext http, string message, string before = "")
    {
        await http.Response.WriteAsync($"{before}data: {message}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    public static Task JsonAsync(HttpContext http, JsonNode id, string result)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync($$"""{"jsonrpc":"2.0","id":{{id.ToJsonString()}},"result":{{result}}}""", http.RequestAborted);
    }
}

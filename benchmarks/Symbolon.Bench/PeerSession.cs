using System.Net.Http.Headers;

namespace Symbolon.Bench;

/// <summary>A session of 2025-06-18, opened as clients do.</summary>
internal static class PeerSession
{
    /// <returns>The session's id, after one call in it was answered with the tool's result.</returns>
    /// <exception cref="InvalidOperationException">A step was refused.</exception>
    public static async Task<string> OpenAsync(HttpClient client, Target target)
    {
        var (session, _) = await PostAsync(client, target, null,
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}""");
        await PostAsync(client, target, session, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        var (_, answer) = await PostAsync(client, target, session,
            $$$"""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"{{{target.Tool}}}","arguments":{{{target.Arguments}}}}}""");
        return session is not null && answer.Contains("\"content\":[{", StringComparison.Ordinal) && !answer.Contains("\"isError\":true", StringComparison.Ordinal)
            ? session
            : throw new InvalidOperationException($"{target.Name} answered a call in its session {session}: {answer}");
    }

    private static async Task<(string? Session, string Answer)> PostAsync(HttpClient client, Target target, string? session, string message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = new StringContent(message, new MediaTypeHeaderValue("application/json")) };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", "2025-06-18");
        if (session is not null) request.Headers.TryAddWithoutValidation("Mcp-Session-Id", session);
        if (target.Token is { } token) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? (answer.Headers.TryGetValues("Mcp-Session-Id", out var ids) ? ids.Single() : null, text)
            : throw new InvalidOperationException($"{target.Name} answered {(int)answer.StatusCode}: {text}");
    }
}

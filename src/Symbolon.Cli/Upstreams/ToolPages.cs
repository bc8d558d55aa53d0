using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Cli.Upstreams;

/// <summary>Reads all pages of <c>tools/list</c>.</summary>
internal static class ToolPages
{
    private const int MostPages = 1000;

    /// <param name="ask">Sends <c>tools/list</c> with this cursor (null for the first page) and gives the answer.</param>
    /// <exception cref="UpstreamException">A page cannot be read, or there is no end of them.</exception>
    public static async Task<IReadOnlyList<JsonElement>> ReadAsync(Func<string?, Task<McpAnswer>> ask)
    {
        var tools = new List<JsonElement>();
        var cursors = new HashSet<string>(StringComparer.Ordinal);
        string? cursor = null;
        for (var page = 0; page < MostPages; page++)
        {
            var answer = await ask(cursor);
            if (answer.Result is not { ValueKind: JsonValueKind.Object } result) throw new UpstreamException($"tools/list was answered with {Refusal(answer)}.");
            if (!result.TryGetProperty("tools", out var listed) || listed.ValueKind != JsonValueKind.Array) throw new UpstreamException("The answer to tools/list has no tools.");
            tools.AddRange(listed.EnumerateArray());
            if (tools.Count > DocumentLimits.Tools) throw new UpstreamException($"It lists more than {DocumentLimits.Tools} tools.");
            // An empty text is a cursor; only none, or null, is the end.
            if (!result.TryGetProperty("nextCursor", out var next) || next.ValueKind == JsonValueKind.Null) return tools;
            cursor = ForeignText.Of(next) ?? throw new UpstreamException("The cursor of a page is no text.");
            if (!cursors.Add(cursor)) throw new UpstreamException("Its list of tools goes in a circle.");
        }
        throw new UpstreamException($"Its list of tools has more than {MostPages} pages.");
    }

    public static JsonObject Params(string? cursor) => cursor is null ? [] : new JsonObject { ["cursor"] = cursor };

    /// <summary>Why there is no result, in short.</summary>
    public static string Refusal(McpAnswer answer) =>
        answer.Error is { } error && ForeignText.Member(error, "message") is { } message
            ? $"an error: {message}"
            : answer.Status is { } status ? $"HTTP {(int)status}" : "neither a result nor an error";
}

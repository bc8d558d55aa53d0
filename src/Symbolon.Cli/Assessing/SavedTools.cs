using System.Text.Json;
using Symbolon.Cli.Output;
using Symbolon.Core.Registry.Files;
using Symbolon.Jose.Json;

namespace Symbolon.Cli.Assessing;

/// <summary>Reads a saved answer to <c>tools/list</c>.</summary>
internal static class SavedTools
{
    private const int MostBytes = 16 * 1024 * 1024;
    private const int MostMembers = 1_000_000;

    /// <param name="name">A file, or <c>-</c> for <paramref name="input"/>.</param>
    /// <returns>Each tool as it is.</returns>
    /// <exception cref="CommandException">There is no such file, it is too large, or holds no list of tools.</exception>
    public static async Task<IReadOnlyList<JsonElement>> ReadAsync(string name, Func<Stream> input, CancellationToken cancellation) =>
        Of(Parse(await BytesAsync(name, input, cancellation)));

    /// <summary>The file's own bytes, without a byte order mark.</summary>
    public static async Task<ReadOnlyMemory<byte>> BytesAsync(string name, Func<Stream> input, CancellationToken cancellation)
    {
        if (name != "-" && !File.Exists(name)) throw new CommandException(ExitCode.NotFound, "not_found", $"There is no file {name}.");
        await using var stream = name == "-" ? input() : File.OpenRead(name);
        var bytes = await AllAsync(stream, cancellation);
        return bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
    }

    /// <summary>Every byte of it is kept: digests are taken over them.</summary>
    public static JsonElement Parse(ReadOnlyMemory<byte> bytes)
    {
        var scan = StrictJson.Scan(bytes.Span, new JsonLimits(JsonLimits.Default.Depth, MostMembers));
        if (!scan.Accepted) throw Invalid("The file is no strict JSON: well-formed UTF-8, no member twice in an object, at most 64 levels.");
        using var document = JsonDocument.Parse(bytes);
        return document.RootElement.Clone();
    }

    /// <summary>The tools of an answer to <c>tools/list</c>, of its result, or of the list itself.</summary>
    public static IReadOnlyList<JsonElement> Of(JsonElement root)
    {
        var list = ListOf(root) ?? throw Invalid("The file holds no list of tools: the answer to tools/list, its result, or the list itself.");
        if (list.GetArrayLength() > DocumentLimits.Tools) throw Invalid($"The file lists more than {DocumentLimits.Tools} tools.");
        var at = 0;
        foreach (var tool in list.EnumerateArray())
        {
            if (tool.ValueKind != JsonValueKind.Object || !tool.TryGetProperty("name", out var text) || text.ValueKind != JsonValueKind.String)
                throw Invalid($"Item {at} of the list is no tool: it must be an object with a name.");
            at++;
        }
        return [.. list.EnumerateArray()];
    }

    private static JsonElement? ListOf(JsonElement root) =>
        root.ValueKind == JsonValueKind.Array ? root
        : JsonPath.Find(root, "tools") is { ValueKind: JsonValueKind.Array } own ? own
        : JsonPath.Find(root, "result.tools") is { ValueKind: JsonValueKind.Array } answered ? answered
        : null;

    private static async Task<ReadOnlyMemory<byte>> AllAsync(Stream stream, CancellationToken cancellation)
    {
        var all = new MemoryStream();
        var buffer = new byte[81920];
        while (await stream.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            if (all.Length + read > MostBytes) throw Invalid($"The file may have at most {MostBytes / 1024 / 1024} MiB.");
            all.Write(buffer, 0, read);
        }
        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }

    private static CommandException Invalid(string message) => new(ExitCode.Error, "invalid", message);
}

using System.Text;
using Symbolon.Admin.Sources;

namespace Symbolon.Cli.Files;

/// <summary>Reads what <c>-f</c> names: a file, a folder with all <c>.yaml</c>, <c>.yml</c> and <c>.json</c> below it in order of name, or <c>-</c>.</summary>
internal static class SourceFiles
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Hidden ones are left out. A folder that cannot be read is an error: its files would be missing without a word.</summary>
    private static readonly EnumerationOptions Below = new() { RecurseSubdirectories = true, IgnoreInaccessible = false, MaxRecursionDepth = 32 };

    public static async Task<SourceReading> ReadAsync(IEnumerable<string> names, Stream input, CancellationToken cancellation)
    {
        var documents = new List<SourceDocument>();
        var errors = new List<SourceError>();
        foreach (var name in names)
        {
            if (name != "-" && !Path.Exists(name))
            {
                errors.Add(new SourceError(name, SourcePlace.Start, "", "There is no such file or folder."));
                continue;
            }
            var files = FilesOf(name).ToList();
            if (files.Count > SourceLimits.Files)
            {
                errors.Add(new SourceError(name, SourcePlace.Start, "", $"A folder may have at most {SourceLimits.Files} files."));
                continue;
            }
            foreach (var file in files)
            {
                var reading = await ReadFileAsync(file, input, cancellation);
                documents.AddRange(reading.Documents);
                errors.AddRange(reading.Errors);
            }
        }
        return new SourceReading(documents, errors);
    }

    private static IEnumerable<string> FilesOf(string name) =>
        name == "-" || !Directory.Exists(name)
            ? [name]
            : Directory.EnumerateFiles(name, "*", Below)
                .Where(file => Path.GetExtension(file) is ".yaml" or ".yml" or ".json").Take(SourceLimits.Files + 1)
                .Order(StringComparer.Ordinal);

    private static async Task<SourceReading> ReadFileAsync(string file, Stream input, CancellationToken cancellation)
    {
        var shown = file == "-" ? "stdin" : file;
        try
        {
            await using var stream = file == "-" ? input : File.OpenRead(file);
            return await ReadAllAsync(stream, cancellation) is { } bytes
                ? Parse(shown, bytes)
                : Failed(shown, $"A file may have at most {SourceLimits.FileBytes / 1024 / 1024} MiB.");
        }
        catch (DecoderFallbackException)
        {
            return Failed(shown, "The text is not valid UTF-8.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Failed(shown, fault.Message);
        }
    }

    private static SourceReading Parse(string file, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        var start = bytes.Span.TrimStart(" \t\r\n"u8);
        var json = file.EndsWith(".json", StringComparison.Ordinal) || (file == "stdin" && start is [(byte)'{' or (byte)'[', ..]);
        return json ? JsonReader.Read(file, bytes.Span) : YamlReader.Read(file, Strict.GetString(bytes.Span));
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAllAsync(Stream stream, CancellationToken cancellation)
    {
        var all = new MemoryStream();
        var buffer = new byte[81920];
        while (await stream.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            if (all.Length + read > SourceLimits.FileBytes) return null;
            all.Write(buffer, 0, read);
        }
        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }

    private static SourceReading Failed(string file, string message) => new([], [new SourceError(file, SourcePlace.Start, "", message)]);
}

using Symbolon.Core.Registry;
using Symbolon.Server.Files;

namespace Symbolon.ConformanceTests.Processes;

/// <summary>The files of this machine, one of which somebody replaces as soon as it has been looked at.</summary>
internal sealed class ReplacedAfterwards : IPinnedFiles
{
    public string? Path { get; set; }

    /// <summary>What it is replaced by.</summary>
    public string? Text { get; set; }

    public async Task<FileFound> ReadAsync(string path, CancellationToken cancellation)
    {
        var found = await DiskFiles.Instance.ReadAsync(path, cancellation);
        if (path == Path && Text is { } text) await File.WriteAllTextAsync(path, text, cancellation);
        return found;
    }
}

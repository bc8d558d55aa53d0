using System.Globalization;
using Symbolon.Testing;
using Symbolon.Testing.Processes;

namespace Symbolon.EndToEndTests.Crowds;

/// <summary>A copy of the shell server of tests/data, to be started by the gateway once for each organisation.</summary>
internal sealed class ShellProcesses : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-crowd-");

    public ShellProcesses() => File.Copy(Repo.At("tests", "data", "stdio", "server.sh"), Script);

    private string Script => Path.Combine(folder.FullName, "server.sh");

    /// <summary>Stands in the command line of all its processes.</summary>
    private string Mark { get; } = string.Create(CultureInfo.InvariantCulture, $"7001.{Environment.ProcessId}");

    public string[] Command => ["/bin/sh", Script, Mark];

    public IReadOnlyList<string> Running => ProcessList.With(Script);

    public async ValueTask DisposeAsync()
    {
        await Deadline.ForAsync("no process to be left", () => Running.Count == 0);
        folder.Delete(recursive: true);
    }
}

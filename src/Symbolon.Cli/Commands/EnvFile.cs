using System.CommandLine;
using Symbolon.Admin.Clients;

namespace Symbolon.Cli.Commands;

/// <summary><c>--env-file</c>: a secret goes into a file that a shell or a client reads, and not onto the screen.</summary>
internal static class EnvFile
{
    public static Option<string?> Option() => new("--env-file")
    {
        Description = $"Write {ClientConfig.Variable}=… into this new file (mode 0600) instead of standard output",
        HelpName = "FILE",
    };

    /// <exception cref="IOException">The file exists already.</exception>
    public static async Task WriteAsync(string file, string secret, CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(file, options);
        await writer.WriteAsync($"{ClientConfig.Variable}={secret}\n".AsMemory(), cancellation);
    }
}

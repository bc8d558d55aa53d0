using Symbolon.Cli.Output;

namespace Symbolon.Cli.Processes;

/// <summary>Makes what was typed at a shell into what does not depend on where it was typed.</summary>
internal static class CommandPath
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The absolute path of a command, searched on the PATH as a shell would.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static string Of(string command, Func<string, string?> variable)
    {
        if (command.Contains('/'))
        {
            var path = Path.GetFullPath(command);
            return Runs(path) ? path : throw CommandException.Usage($"{path} is no file that can be run.");
        }
        foreach (var folder in (variable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            if (folder.StartsWith('/') && Runs(Path.GetFullPath(Path.Join(folder, command)))) return Path.GetFullPath(Path.Join(folder, command));
        throw CommandException.Usage($"There is no command '{command}' on the PATH.", "What stands behind -- is the command as you would start it, then its arguments.");
    }

    /// <summary>The absolute path of an argument that leads to a file or folder from here; null where it does not, or is absolute already.</summary>
    public static string? OfArgument(string argument) =>
        argument.Length > 0 && !argument.StartsWith('/') && !argument.StartsWith('-') && !argument.Contains('\0') && Path.Exists(argument) ? Path.GetFullPath(argument) : null;

    private static bool Runs(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Executable) != 0);
}

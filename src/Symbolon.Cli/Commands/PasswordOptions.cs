using System.CommandLine;
using System.Text;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary>Where a password comes from: typed without being shown, or out of a file. Never an argument, which every process on the machine could read.</summary>
internal sealed class PasswordOptions
{
    private const int MostBytes = 1024;

    public Option<string?> File { get; } = new("--password-file") { Description = "Read the password from a file, or from standard input with -", HelpName = "FILE|-" };

    public Option<bool> Link { get; } = new("--link") { Description = "No password: print a link by which the person sets one within ten minutes" };

    /// <returns>Null where a link is wanted, or nobody can be asked for a password.</returns>
    public async Task<string?> ReadAsync(CommandRun run, string prompt)
    {
        if (run.Value(File) is { } file)
        {
            if (run.Value(Link)) throw CommandException.Usage("Give one of --password-file and --link.");
            return await ReadAsync(file, run);
        }
        if (run.Value(Link) || run.Outside.HiddenLine is not { } ask) return null;
        var password = ask($"{prompt}: ");
        return password == ask("Again: ") ? password : throw CommandException.Usage("The two passwords are not the same. Nothing was changed.");
    }

    private static async Task<string> ReadAsync(string file, CommandRun run)
    {
        if (file != "-" && !System.IO.File.Exists(file)) throw CommandException.Usage($"--password-file names the file {file}, which is not there.");
        await using var stream = file == "-" ? run.Outside.Input() : System.IO.File.OpenRead(file);
        var buffer = new byte[MostBytes + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, run.Cancellation);
        if (length > MostBytes) throw CommandException.Usage($"{file} is longer than {MostBytes} bytes, and so no password.");
        try
        {
            var password = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(buffer, 0, length).TrimEnd('\r', '\n');
            return password.Length > 0 ? password : throw CommandException.Usage($"{file} is empty; it must hold the password on one line.");
        }
        catch (DecoderFallbackException)
        {
            throw CommandException.Usage($"{file} is no text in UTF-8.");
        }
    }
}

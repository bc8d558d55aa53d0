using System.Globalization;
using Symbolon.Cli.Output;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Cli.Registering;

/// <summary>Reads <c>--header NAME=@FILE</c> and <c>--secret-env NAME=@FILE</c>. A value on the command line itself is refused: every process on the machine could read it.</summary>
internal static class SecretFile
{
    private const int Longest = 8192;

    /// <summary>Days until a value ends for which no end was given. A static secret without an end is refused by the server.</summary>
    private const int UsualDays = 90;

    /// <param name="option">What was typed behind <paramref name="name"/>.</param>
    /// <param name="isVariable">The name is that of a variable, not of a header.</param>
    public static async Task<SecretValue> ReadAsync(
        string name, string option, bool isVariable, string? expires, Func<Stream> input, TimeProvider clock, CancellationToken cancellation)
    {
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1 || equals + 2 >= option.Length || option[equals + 1] != '@')
            throw CommandException.Usage($"{name} takes NAME=@FILE: the value is read from the file, so that it stays out of the process list and the shell's history.");
        if (isVariable && !EnvName.IsAllowed(option[..equals])) throw CommandException.Usage($"The name in {name}: {EnvName.Why(TextRules.Shown(option[..equals]))}.");
        if (!isVariable && !SecretHeader.IsAllowed(option[..equals])) throw CommandException.Usage($"The name in {name} must be {SecretHeader.Rule}.");
        var file = option[(equals + 2)..];
        if (file != "-" && !File.Exists(file)) throw CommandException.Usage($"{name} names the file {file}, which is not there.");
        var value = await ReadLineAsync(file, $"the value of the {(isVariable ? "variable" : "header")}", input, cancellation);
        return new SecretValue(option[..equals], value, DayOf(expires, clock));
    }

    /// <summary>The value in a file, or on standard input for <c>-</c>.</summary>
    public static async Task<string> ReadValueAsync(string name, string file, Func<Stream> input, CancellationToken cancellation)
    {
        if (file != "-" && !File.Exists(file)) throw CommandException.Usage($"{name} names the file {file}, which is not there.");
        return await ReadLineAsync(file, "the value", input, cancellation);
    }

    private static async Task<string> ReadLineAsync(string file, string what, Func<Stream> input, CancellationToken cancellation)
    {
        using var reader = file == "-" ? new StreamReader(input()) : new StreamReader(file);
        var buffer = new char[Longest + 3];
        var length = await reader.ReadBlockAsync(buffer, cancellation);
        var value = new string(buffer, 0, length).TrimEnd('\r', '\n');
        if (value.Length is 0 or > Longest || !value.All(c => c is >= ' ' and < (char)127))
            throw CommandException.Usage($"{file} must hold {what}: 1 to {Longest} visible ASCII characters on one line.");
        return value;
    }

    private static DateOnly DayOf(string? text, TimeProvider clock) =>
        text is null ? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(UsualDays)
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw CommandException.Usage("--secret-expires must be a day as YYYY-MM-DD.");
}

using System.Text.Json;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Api;

/// <summary>What <c>symbolon login</c> wrote: a server, and the token by which this command line acts for a person there. For its owner alone (0600).</summary>
internal sealed record Profile(string Url, string Id, string Token, string Email, DateTimeOffset ExpiresAt)
{
    private const UnixFileMode OthersMay = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <returns><c>$XDG_CONFIG_HOME/symbolon/profile.json</c>, by default under <c>~/.config</c>; null where there is no home.</returns>
    public static string? PathOf(Func<string, string?> variable) =>
        variable("XDG_CONFIG_HOME") is { Length: > 0 } config && Path.IsPathRooted(config) ? Path.Combine(config, "symbolon", "profile.json")
        : variable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".config", "symbolon", "profile.json") : null;

    /// <returns>Null where nobody signed in.</returns>
    /// <exception cref="CommandException">Others may read the file, or it cannot be read.</exception>
    public static Profile? Read(Func<string, string?> variable)
    {
        if (PathOf(variable) is not { } path || !File.Exists(path)) return null;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OthersMay) != 0)
            throw Unusable($"Others than its owner have rights to {path}, so its token may be known to them.");
        try
        {
            return JsonSerializer.Deserialize<Profile>(File.ReadAllText(path), JsonSerializerOptions.Web) is { Url: not null, Token: not null, Id: not null } found ? found : throw Unusable($"{path} is not whole.");
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Unusable($"{path} cannot be read: {fault.Message}");
        }
    }

    /// <exception cref="CommandException">There is no home to write into.</exception>
    public string Write(Func<string, string?> variable)
    {
        var path = PathOf(variable) ?? throw CommandException.Usage("Neither XDG_CONFIG_HOME nor HOME says where to keep the sign-in.");
        var folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var draft = $"{path}.{Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options)) JsonSerializer.Serialize(file, this, JsonSerializerOptions.Web);
        File.Move(draft, path, overwrite: true);
        return path;
    }

    public static void Delete(Func<string, string?> variable)
    {
        if (PathOf(variable) is { } path) File.Delete(path);
    }

    private static CommandException Unusable(string why) => new(ExitCode.SignInNeeded, "profile_unusable", why) { Hint = "Sign in again: symbolon login" };
}

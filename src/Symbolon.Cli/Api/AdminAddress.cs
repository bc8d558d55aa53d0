using Symbolon.Cli.Output;

namespace Symbolon.Cli.Api;

/// <summary>Where the admin API is, and what to show it.</summary>
internal sealed record AdminAddress(Uri Url, string? Token)
{
    public const string DefaultUrl = "http://127.0.0.1:8750";

    /// <summary>Reads <c>SYMBOLON_URL</c> and <c>SYMBOLON_TOKEN</c> or <c>SYMBOLON_TOKEN_FILE</c>; without a token there, what <c>symbolon login</c> wrote for this server.</summary>
    /// <exception cref="CommandException">The address is none, would send the token in the clear, or a file cannot be read.</exception>
    public static AdminAddress FromEnvironment(Func<string, string?> variable)
    {
        if (TokenOf(variable) is { } token) return new AdminAddress(UrlOf(variable), token);
        var isNamed = variable("SYMBOLON_URL") is { Length: > 0 };
        if (Profile.Read(variable) is not { } profile) return new AdminAddress(UrlOf(variable), null);
        var url = isNamed ? UrlOf(variable) : Checked(profile.Url, "The profile of symbolon login");
        // A token goes to the server that gave it, and to no other.
        return new AdminAddress(url, profile.Url == url.GetLeftPart(UriPartial.Authority) ? profile.Token : null);
    }

    /// <summary>The server's address, by <c>SYMBOLON_URL</c>.</summary>
    /// <exception cref="CommandException">The address is none, or would send a token in the clear.</exception>
    public static Uri UrlOf(Func<string, string?> variable) => Checked(variable("SYMBOLON_URL") is { Length: > 0 } set ? set : DefaultUrl, "SYMBOLON_URL");

    private static Uri Checked(string text, string source)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw CommandException.Usage($"{source} must be an http or https address, not {text}.");
        if (url.Scheme == "http" && !url.IsLoopback)
            throw CommandException.Usage($"{source} is {text}: off this machine only https is used, since the token would be readable on the way.");
        return new Uri(url.GetLeftPart(UriPartial.Authority));
    }

    private static string? TokenOf(Func<string, string?> variable)
    {
        if (variable("SYMBOLON_TOKEN") is { Length: > 0 } token) return CheckedToken(token, "SYMBOLON_TOKEN");
        if (variable("SYMBOLON_TOKEN_FILE") is not { Length: > 0 } file) return null;
        try
        {
            return CheckedToken(File.ReadAllText(file), "SYMBOLON_TOKEN_FILE");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.SignInNeeded, "token_unreadable", $"SYMBOLON_TOKEN_FILE cannot be read: {fault.Message}");
        }
    }

    private static string CheckedToken(string token, string source)
    {
        var trimmed = token.Trim();
        return trimmed.All(c => c is > ' ' and < (char)127)
            ? trimmed
            : throw CommandException.Usage($"{source} holds no token: it has characters that no token has.");
    }
}

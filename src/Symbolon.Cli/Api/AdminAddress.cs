using Symbolon.Cli.Output;

namespace Symbolon.Cli.Api;

/// <summary>Where the admin API is, and what to show it.</summary>
internal sealed record AdminAddress(Uri Url, string? Token)
{
    public const string DefaultUrl = "http://127.0.0.1:8750";

    /// <summary>Reads <c>SYMBOLON_URL</c> and <c>SYMBOLON_TOKEN</c> or <c>SYMBOLON_TOKEN_FILE</c>.</summary>
    /// <exception cref="CommandException">The address is none, would send the token in the clear, or the file cannot be read.</exception>
    public static AdminAddress FromEnvironment(Func<string, string?> variable)
    {
        var text = variable("SYMBOLON_URL") is { Length: > 0 } set ? set : DefaultUrl;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw CommandException.Usage($"SYMBOLON_URL must be an http or https address, not {text}.");
        if (url.Scheme == "http" && !url.IsLoopback)
            throw CommandException.Usage($"SYMBOLON_URL is {text}: off this machine only https is used, since the token would be readable on the way.");
        return new AdminAddress(new Uri(url.GetLeftPart(UriPartial.Authority)), TokenOf(variable));
    }

    private static string? TokenOf(Func<string, string?> variable)
    {
        if (variable("SYMBOLON_TOKEN") is { Length: > 0 } token) return Checked(token, "SYMBOLON_TOKEN");
        if (variable("SYMBOLON_TOKEN_FILE") is not { Length: > 0 } file) return null;
        try
        {
            return Checked(File.ReadAllText(file), "SYMBOLON_TOKEN_FILE");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.SignInNeeded, "token_unreadable", $"SYMBOLON_TOKEN_FILE cannot be read: {fault.Message}");
        }
    }

    private static string Checked(string token, string source)
    {
        var trimmed = token.Trim();
        return trimmed.All(c => c is > ' ' and < (char)127)
            ? trimmed
            : throw CommandException.Usage($"{source} holds no token: it has characters that no token has.");
    }
}

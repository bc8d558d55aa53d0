using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Core.Registry;

namespace Symbolon.Admin.Console.OverviewPages;

/// <summary>What a shell has to be told once, so that the commands of the first steps are its commands.</summary>
internal sealed class FirstShell(IAdminCredentials credentials, IPublicAddresses addresses)
{
    private const string Program = "symbolon";

    /// <returns>Lines for a POSIX shell. They name the file that holds the token of this start, never the token.</returns>
    public string Lines(HttpContext http)
    {
        var server = $"export SYMBOLON_URL={CommandText.Quoted(addresses.ConsoleOrigin)}";
        // Who is a person needs no file of the server's machine.
        if (http.Requester().By != AdminGate.Bootstrap || credentials.File is not { } file) return $"{server}\n{Program} login";
        string?[] lines = [$"{server} SYMBOLON_TOKEN_FILE={CommandText.Quoted(file)}", Runtime, Path];
        return string.Join('\n', lines.OfType<string>());
    }

    /// <summary>Where the program is, which may be on nobody's path.</summary>
    private static string? Path => System.IO.Path.GetFileNameWithoutExtension(Environment.ProcessPath) == Program
        ? $"export PATH={CommandText.Quoted(System.IO.Path.GetDirectoryName(Environment.ProcessPath)!)}:\"$PATH\"" : null;

    /// <summary>Where .NET is, if the program had to be told so.</summary>
    private static string? Runtime => Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root ? $"export DOTNET_ROOT={CommandText.Quoted(root)}" : null;
}

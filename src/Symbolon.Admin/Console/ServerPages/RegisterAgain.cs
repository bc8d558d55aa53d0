using Symbolon.Admin.Servers;
using Symbolon.Core.Registry;

namespace Symbolon.Admin.Console.ServerPages;

/// <summary>The command that reads a server again as it is registered: every word that it needs, and quoted as a shell reads it.</summary>
internal static class RegisterAgain
{
    /// <returns>Null for a server without a version.</returns>
    public static string? CommandOf(ServerResponse server)
    {
        if ((server.Approved ?? server.Pending) is not { } version) return null;
        var words = new List<string> { "symbolon", "server", "register", server.Name, "--owner", version.Owner };
        // The secret's value is nowhere to be read: it is typed, or piped, once more.
        if (version.Credential is { Mode: "static", Header: { } header }) words.AddRange(["--header", $"{header}=@-"]);
        if (version.Credential is { Mode: "static", Env: { } variable }) words.AddRange(["--secret-env", $"{variable}=@-"]);
        if (version.Process is { } process)
        {
            if (process.Cwd is { } folder) words.AddRange(["--cwd", folder]);
            if (process.Isolation != "shared") words.AddRange(["--isolation", process.Isolation]);
            foreach (var (name, value) in process.Env.OrderBy(each => each.Key, StringComparer.Ordinal)) words.AddRange(["--env", $"{name}={value}"]);
            words.AddRange(["--", process.Command, .. process.Args]);
        }
        else
        {
            words.AddRange(["--url", version.Url!]);
        }
        return string.Join(' ', words.Select(CommandText.Quoted));
    }
}

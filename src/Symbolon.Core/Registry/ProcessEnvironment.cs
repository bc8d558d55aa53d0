using System.Collections.Immutable;

namespace Symbolon.Core.Registry;

/// <summary>
/// The whole environment of a server's process, the same when its command is registered and when the gateway starts it. Nothing of
/// our own is passed on but where its user's home is. DESIGN.md section 5, promise 6.
/// </summary>
public static class ProcessEnvironment
{
    private static readonly string[] UsualPath = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>The folders of its PATH, in their order.</summary>
    internal static IReadOnlyList<string> FoldersOf(UpstreamAddress.Stdio server) => Launcher.Is(server.Command) ? [Path.GetDirectoryName(server.Command)!, .. UsualPath] : UsualPath;

    /// <param name="secret">The variable of the credential, or null.</param>
    /// <param name="own">A variable of this process, or null.</param>
    public static ImmutableSortedDictionary<string, string> Of(UpstreamAddress.Stdio server, (string Name, string Value)? secret, Func<string, string?> own)
    {
        var variables = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        // A launcher finds its runtime beside itself (npx finds node); what stands beside any other program is no business of ours.
        variables["PATH"] = string.Join(':', FoldersOf(server));
        variables["LANG"] = "C.UTF-8";
        variables["HOME"] = own("HOME") is { Length: > 0 } home ? home : "/";
        foreach (var (name, value) in server.Env) variables[name] = value;
        if (secret is { } credential) variables[credential.Name] = credential.Value;
        return variables.ToImmutable();
    }
}

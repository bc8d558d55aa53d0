using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>
/// The environment of a server's process: a short list of what programs need to find their way, the registered variables, the one
/// that carries its credential; nothing else of ours.
/// </summary>
internal static class ChildEnvironment
{
    private const string UsualPath = "/usr/local/bin:/usr/bin:/bin";

    /// <summary>Taken from our own environment where they are set there.</summary>
    private static readonly string[] Inherited = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"];

    /// <exception cref="UpstreamFault">A name that a registration may not set.</exception>
    public static SortedDictionary<string, string> For(UpstreamAddress.Stdio server, CredentialHeader credential, Func<string, string?> own)
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = UsualPath };
        foreach (var name in Inherited)
            if (own(name) is { Length: > 0 } value) variables[name] = value;
        foreach (var (name, value) in server.Env) Add(variables, name, value);
        if (credential is CredentialHeader.Variable secret) Add(variables, secret.Name, secret.Value);
        return variables;
    }

    /// <summary>Asked again here: what is started must not depend on who let it in.</summary>
    private static void Add(SortedDictionary<string, string> variables, string name, string value)
    {
        if (!EnvName.IsAllowed(name) || value.Contains('\0')) throw new UpstreamFault(ReasonCode.ServerSuspended, "The registration of this server sets a variable that it may not.");
        variables[name] = value;
    }
}

using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;

namespace Symbolon.Core.OAuth;

/// <summary>Texts of scopes. DESIGN.md section 4, Scopes.</summary>
public static class Scopes
{
    private const string Prefix = "mcp:";
    private const int MostRecorded = 4096;

    public static string Tool(ServerName server, ToolName tool) => $"mcp:{server.Value}:{tool.Value}";

    public static string Class(ServerName server, Effect effect) => $"mcp:{server.Value}:@{effect.ToText()}";

    public static string Granted(ServerName server) => $"mcp:{server.Value}:@granted";

    /// <summary>All of the server's prompts that the subject's grants allow.</summary>
    public static string Prompts(ServerName server) => $"mcp:{server.Value}:@prompts";

    /// <summary>All of the server's resources that the subject's grants allow.</summary>
    public static string Resources(ServerName server) => $"mcp:{server.Value}:@resources";

    /// <summary>Each scope of what is named of one server, tools first.</summary>
    public static IEnumerable<string> Of(ServerAccess access) =>
        access.Tools.Select(tool => Tool(access.Server, tool))
            .Concat(access.Effects.Select(effect => Class(access.Server, effect)))
            .Concat(access.AllPrompts ? [Prompts(access.Server)] : [])
            .Concat(access.AllResources ? [Resources(access.Server)] : [])
            .Concat(access.Granted ? [Granted(access.Server)] : []);

    /// <summary>All that a token or consent names, as a record holds it: with the resources that it is limited to.</summary>
    public static string ForRecord(ServerAccess access, ResourceSet? limits) => ForRecord(string.Join(' ', Of(access)) + (limits is null ? "" : $" {limits}"));

    /// <summary>Scopes as a record holds them: cut where there are very many.</summary>
    public static string ForRecord(string scopes) => scopes.Length <= MostRecorded ? scopes : scopes[..MostRecorded] + " ...";

    /// <summary>Reads one scope of a server.</summary>
    /// <param name="access">Exactly what the scope names.</param>
    public static bool TryParse(string scope, out ServerAccess? access)
    {
        access = null;
        if (!scope.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var colon = scope.IndexOf(':', Prefix.Length);
        if (colon < 0 || !ServerName.IsValid(scope.AsSpan(Prefix.Length, colon - Prefix.Length))) return false;
        var server = new ServerName(scope[Prefix.Length..colon]);
        var name = scope[(colon + 1)..];
        if (name == "@granted") access = new ServerAccess { Server = server, Granted = true };
        else if (name == "@prompts") access = new ServerAccess { Server = server, AllPrompts = true };
        else if (name == "@resources") access = new ServerAccess { Server = server, AllResources = true };
        else if (name.StartsWith('@')) access = Effects.TryParse(name[1..], out var effect) ? new ServerAccess { Server = server, Effects = [effect] } : null;
        else if (ToolName.IsValid(name)) access = new ServerAccess { Server = server, Tools = [new ToolName(name)] };
        return access is not null;
    }

    /// <summary>All that several scopes of one server name together; each once, in their order.</summary>
    public static ServerAccess Union(ServerName server, IEnumerable<ServerAccess> parts)
    {
        var all = parts.ToList();
        return new ServerAccess
        {
            Server = server,
            Tools = [.. all.SelectMany(part => part.Tools).Distinct()],
            Effects = [.. all.SelectMany(part => part.Effects).Distinct()],
            AllPrompts = all.Any(part => part.AllPrompts),
            AllResources = all.Any(part => part.AllResources),
            Granted = all.Any(part => part.Granted),
        };
    }
}

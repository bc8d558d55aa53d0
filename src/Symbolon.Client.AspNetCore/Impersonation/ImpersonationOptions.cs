using Symbolon.Client.Callers;

namespace Symbolon.Client.AspNetCore.Impersonation;

/// <summary>As whom a request is made to an API that knows impersonation and no tokens of Symbolon, Kubernetes for one.</summary>
public sealed record ImpersonationOptions
{
    /// <summary><c>Impersonate-User</c>. Default: the person; without one nothing is sent.</summary>
    public Func<SymbolonCaller, string?> User { get; init; } = caller => caller.Person;

    /// <summary>Each <c>Impersonate-Group</c>. Default: none.</summary>
    public Func<SymbolonCaller, IEnumerable<string>> Groups { get; init; } = _ => [];

    /// <summary>Each <c>Impersonate-Extra-NAME</c>, name and value. Default: agent, server and tool, so that the API's own log names them.</summary>
    public Func<SymbolonCaller, IEnumerable<KeyValuePair<string, string?>>> Extra { get; init; } = caller =>
        [new("agent", caller.Agent), new("server", caller.Server), new("tool", caller.Tool)];
}

using System.Collections.Immutable;
using Symbolon.Core.Identity;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Registry;

/// <summary>
/// Tools of one server, by name or by effect class, as a grant or a token names them. The parts are a union; all empty means nothing.
/// </summary>
public sealed record ServerAccess
{
    public required ServerName Server { get; init; }
    public ImmutableArray<ToolName> Tools { get; init; } = [];
    public ImmutableArray<Effect> Effects { get; init; } = [];

    /// <summary>All that the holder's grants allow at the time of the call (<c>@granted</c>). Tokens only; never part of a grant.</summary>
    public bool Granted { get; init; }
}

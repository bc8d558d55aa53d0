using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.Admin.Api;

/// <summary>Tools of one server, as a grant or a token names them: a union; all empty means nothing.</summary>
/// <param name="Effects">Classes: <c>read</c>, <c>write</c>, <c>irreversible</c>.</param>
/// <param name="All">All that the holder's grants allow at the time of the call; tokens only.</param>
public sealed record ServerAccessResponse(string Name, IReadOnlyList<string> Tools, IReadOnlyList<string> Effects, bool All)
{
    internal static ServerAccessResponse Of(ServerAccess access) => new(
        access.Server.Value, [.. access.Tools.Select(tool => tool.Value)], [.. access.Effects.Select(effect => effect.ToText())], access.Granted);
}

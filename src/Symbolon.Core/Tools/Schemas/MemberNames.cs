using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas;

/// <summary>Members of an object that a constraint names: none may be written so that a reader without regard to case takes it for one of them.</summary>
internal sealed class MemberNames(IEnumerable<string> names)
{
    private readonly byte[][] names = [.. names.Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)];

    public bool Admits(JsonValue value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Object) return true;
        if (!run.Pass(value)) return false;
        foreach (var member in value.Members)
        {
            if (!run.Spend(names.Length)) return false;
            foreach (var name in names)
            {
                if (!member.NameFoldsTo(name)) continue;
                if (!member.NameEquals(name)) return run.StopAtImitation(Encoding.UTF8.GetString(name));
                break;
            }
        }
        return true;
    }
}

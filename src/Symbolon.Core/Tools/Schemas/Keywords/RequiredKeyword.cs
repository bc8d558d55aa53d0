using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary><c>required</c>, and one member of <c>dependentRequired</c>. JSON Schema Validation §6.5.3 and §6.5.4.</summary>
/// <param name="trigger">The member without which nothing is required; null where it always is.</param>
internal sealed class RequiredKeyword(string path, string demand, string? trigger, IReadOnlyList<string> names) : Keyword(path, demand)
{
    private readonly byte[]? trigger = trigger is null ? null : Encoding.UTF8.GetBytes(trigger);
    private readonly NameTable<Wanted> wanted = new(names.Select((name, i) => (name, new Wanted(i))));

    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Object) return true;
        if (trigger is not null && (!run.Pass(value) || !value.TryGetMember(trigger, out _))) return !run.IsStopped;
        if (!run.Pass(value)) return false;
        const int usual = 64;
        Span<bool> isThere = names.Count <= usual ? stackalloc bool[usual] : new bool[names.Count];
        foreach (var member in value.Members)
            if (wanted.TryGet(MemberText.Of(member), out var name)) isThere[name.Index] = true;
        var missing = isThere[..names.Count].IndexOf(false);
        return missing < 0 || run.Fail(this, names[missing]);
    }

    private sealed record Wanted(int Index);
}

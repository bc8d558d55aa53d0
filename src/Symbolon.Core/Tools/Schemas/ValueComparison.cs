using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas;

/// <summary>When two JSON values are the same: numbers by their value, texts by their characters, members in any order. JSON Schema Core §4.2.2.</summary>
internal static class ValueComparison
{
    /// <returns>False when they differ, or the run has stopped.</returns>
    public static bool Same(JsonValue one, JsonValue other, Keyword keyword, SchemaRun run)
    {
        if (one.Kind != other.Kind || !run.Spend(1 + one.Length / 32)) return false;
        return one.Kind switch
        {
            JsonKind.String => SameText(one, other),
            JsonKind.Number => run.TryRead(keyword, one, out var mine) && run.TryRead(keyword, other, out var theirs) && mine == theirs,
            JsonKind.Array => SameItems(one, other, keyword, run),
            JsonKind.Object => SameMembers(one, other, keyword, run),
            _ => true,
        };
    }

    /// <summary>Alike for values that are the same.</summary>
    public static int Hash(JsonValue value, Keyword keyword, SchemaRun run)
    {
        if (!run.Spend(1 + value.Length / 32)) return 0;
        var hash = new HashCode();
        hash.Add(value.Kind);
        switch (value.Kind)
        {
            case JsonKind.String:
                AddText(ref hash, value);
                break;
            case JsonKind.Number:
                hash.Add(run.TryRead(keyword, value, out var number) ? number : default);
                break;
            case JsonKind.Array:
                foreach (var item in value.Items) hash.Add(Hash(item, keyword, run));
                break;
            case JsonKind.Object:
                hash.Add(HashMembers(value, keyword, run));
                break;
            default: break;
        }
        return hash.ToHashCode();
    }

    private static bool SameText(JsonValue one, JsonValue other)
    {
        if (one.TryGetPlainText(out var plain)) return other.TextEquals(plain);
        if (other.TryGetPlainText(out plain)) return one.TextEquals(plain);
        return one.TryGetString(out var text) && other.TextEquals(Encoding.UTF8.GetBytes(text));
    }

    private static bool SameItems(JsonValue one, JsonValue other, Keyword keyword, SchemaRun run)
    {
        var theirs = other.Items;
        foreach (var item in one.Items)
            if (!theirs.MoveNext() || !Same(item, theirs.Current, keyword, run)) return false;
        return !theirs.MoveNext();
    }

    private static bool SameMembers(JsonValue one, JsonValue other, Keyword keyword, SchemaRun run)
    {
        var count = 0;
        foreach (var member in one.Members)
        {
            count++;
            if (!run.Pass(other) || !other.TryGetMember(MemberText.Of(member), out var found) || !Same(member.Value, found.Value, keyword, run)) return false;
        }
        foreach (var _ in other.Members) count--;
        return count == 0;
    }

    private static int HashMembers(JsonValue value, Keyword keyword, SchemaRun run)
    {
        // Added up, so that their order does not count.
        var all = 0;
        foreach (var member in value.Members)
        {
            var hash = new HashCode();
            hash.AddBytes(MemberText.Of(member));
            hash.Add(Hash(member.Value, keyword, run));
            all += hash.ToHashCode();
        }
        return all;
    }

    private static void AddText(ref HashCode hash, JsonValue value)
    {
        if (value.TryGetPlainText(out var plain)) hash.AddBytes(plain);
        else if (value.TryGetString(out var text)) hash.AddBytes(Encoding.UTF8.GetBytes(text));
    }
}

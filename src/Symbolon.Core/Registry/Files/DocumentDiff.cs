using System.Text.Json;

namespace Symbolon.Core.Registry.Files;

/// <summary>One place where two versions of a file differ.</summary>
/// <param name="Path">In the words of the file; an item with a name by it: <c>spec.tools[look].effect</c>.</param>
/// <param name="Before">Null where it is new.</param>
/// <param name="After">Null where it is gone. Both null: only the order of its items differs.</param>
public sealed record FieldChange(string Path, JsonElement? Before, JsonElement? After)
{
    private const string OfTool = "spec.tools[";

    /// <summary>The tool of a server that it is in; null elsewhere.</summary>
    public string? Tool => Path.StartsWith(OfTool, StringComparison.Ordinal) ? Path[OfTool.Length..Path.IndexOf(']', OfTool.Length)] : null;

    /// <summary>What it is in, as a whole: <c>needs</c> of a tool, empty where all of the tool is new or gone, and <c>spec.upstream</c> elsewhere.</summary>
    public string Field => Tool is { } tool ? Begin(Path[(OfTool.Length + tool.Length + 1)..].TrimStart('.'), parts: 1) : Begin(Path, parts: 2);

    private static string Begin(string path, int parts) => string.Join('.', path.Split('.', '[').Take(parts));
}

/// <summary>How one version of a file differs from another, field by field; of a server tool by tool.</summary>
public static class DocumentDiff
{
    public static IReadOnlyList<FieldChange> Between(Document before, Document after)
    {
        // Compared in the form of the files, so that nothing that a file can say is forgotten here.
        using var old = JsonDocument.Parse(DocumentWriter.Write(before));
        using var next = JsonDocument.Parse(DocumentWriter.Write(after));
        var found = new List<FieldChange>();
        Compare(old.RootElement, next.RootElement, "", found);
        return found;
    }

    private static void Compare(JsonElement before, JsonElement after, string path, List<FieldChange> found)
    {
        if (JsonSameness.Same(before, after)) return;
        if (before.ValueKind == JsonValueKind.Object && after.ValueKind == JsonValueKind.Object)
        {
            var (old, next) = (MembersOf(before), MembersOf(after));
            CompareParts(old, next, name => path.Length == 0 ? name : $"{path}.{name}", found);
        }
        else if (Named(before) is { } old && Named(after) is { } next)
        {
            CompareParts(old, next, name => $"{path}[{name}]", found);
            if (!old.Select(item => item.Key).Where(next.ContainsKey).SequenceEqual(next.Select(item => item.Key).Where(old.ContainsKey)))
                found.Add(new FieldChange(path, null, null));
        }
        else
        {
            found.Add(new FieldChange(path, before.Clone(), after.Clone()));
        }
    }

    /// <summary>First what is in the new version, in its order, then what is gone.</summary>
    private static void CompareParts(OrderedDictionary<string, JsonElement> before, OrderedDictionary<string, JsonElement> after, Func<string, string> pathOf, List<FieldChange> found)
    {
        foreach (var (name, next) in after)
            if (before.TryGetValue(name, out var old)) Compare(old, next, pathOf(name), found);
            else found.Add(new FieldChange(pathOf(name), null, next.Clone()));
        foreach (var (name, old) in before)
            if (!after.ContainsKey(name)) found.Add(new FieldChange(pathOf(name), old.Clone(), null));
    }

    private static OrderedDictionary<string, JsonElement> MembersOf(JsonElement item) =>
        new(item.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value)), StringComparer.Ordinal);

    /// <returns>The items by name, or null where they are not objects that each have a name of their own.</returns>
    private static OrderedDictionary<string, JsonElement>? Named(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array) return null;
        var named = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var item in list.EnumerateArray())
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String || !named.TryAdd(name.GetString()!, item))
                return null;
        return named;
    }
}

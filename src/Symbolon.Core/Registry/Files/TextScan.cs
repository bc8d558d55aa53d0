using System.Text.Json;

namespace Symbolon.Core.Registry.Files;

/// <summary>
/// Looks at every string and member name of a document before anything else reads them: U+0000 and unpaired surrogates are refused
/// at the edge, since neither database nor UTF-8 can hold them, and so are two members of one object with the same name.
/// </summary>
internal static class TextScan
{
    /// <param name="isStored">Of what nobody stores U+0000 is text as any other.</param>
    public static void Check(JsonElement element, string path, FieldErrors errors, bool isStored = true)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String: CheckText(() => element.GetString()!, path, errors, isStored); break;
            case JsonValueKind.Array: CheckItems(element, path, errors, isStored); break;
            case JsonValueKind.Object: CheckMembers(element, path, errors, isStored); break;
            default: break;
        }
    }

    public static string Join(string path, string name) => path.Length == 0 ? TextRules.Shown(name) : $"{path}.{TextRules.Shown(name)}";

    private static void CheckItems(JsonElement array, string path, FieldErrors errors, bool isStored)
    {
        var index = 0;
        foreach (var item in array.EnumerateArray()) Check(item, $"{path}[{index++}]", errors, isStored);
    }

    private static void CheckMembers(JsonElement element, string path, FieldErrors errors, bool isStored)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (CheckText(() => member.Name, path, errors, isStored) is not { } name) continue;
            var at = Join(path, name);
            if (!names.Add(name)) errors.Add(at, FieldErrorCode.Duplicate, $"{TextRules.Shown(name)} is given twice.");
            Check(member.Value, at, errors, isStored);
        }
    }

    private static string? CheckText(Func<string> read, string path, FieldErrors errors, bool isStored)
    {
        try
        {
            var text = read();
            if (!isStored || !text.Contains('\0')) return text;
            errors.Add(path, FieldErrorCode.BadCharacter, "U+0000 cannot be stored.");
        }
        catch (InvalidOperationException)
        {
            // What JsonElement throws for an escape that names half of a surrogate pair.
            errors.Add(path, FieldErrorCode.BadCharacter, "An unpaired surrogate is not text.");
        }
        return null;
    }
}

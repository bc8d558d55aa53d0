using System.Collections.Immutable;
using System.Text.Json;

namespace Symbolon.Core.Registry.Files;

/// <summary>
/// The members of one JSON object, read one by one. Members that nobody knows are refused by name, and so are those of the format
/// whose enforcement is not built yet: none is accepted and ignored.
/// </summary>
internal sealed class ObjectFields
{
    private readonly Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
    private readonly FieldErrors errors;
    private readonly string path;

    private ObjectFields(string path, FieldErrors errors) => (this.path, this.errors) = (path, errors);

    /// <param name="known">Members that the caller reads.</param>
    /// <param name="later">Members that the format has, but this version does not enforce.</param>
    /// <returns>Null, and an error, when it is no object.</returns>
    public static ObjectFields? Open(JsonElement element, string path, FieldErrors errors, string[] known, params string[] later)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add(path, FieldErrorCode.WrongType, $"{Named(path)} must be an object.");
            return null;
        }
        var fields = new ObjectFields(path, errors);
        foreach (var member in element.EnumerateObject())
        {
            if (known.Contains(member.Name)) fields.members[member.Name] = member.Value;
            else if (later.Contains(member.Name)) fields.NotYet(member.Name);
            else errors.Add(TextScan.Join(path, member.Name), FieldErrorCode.UnknownField, $"{Named(path)} has no field {TextRules.Shown(member.Name)}. Fields: {string.Join(", ", known)}.");
        }
        return fields;
    }

    public string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    public bool Has(string name) => members.ContainsKey(name);

    /// <summary>It is there, and is this text.</summary>
    public bool Says(string name, string text) => members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(text);

    /// <summary>It is there, and nothing is in it.</summary>
    public bool IsEmptyList(string name) => members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0;

    public void Error(string name, string code, string message) => errors.Add(PathOf(name), code, message);

    public void NotYet(string name) => Error(name, FieldErrorCode.NotSupportedYet, $"{PathOf(name)} is not supported yet.");

    /// <summary>The member, or null when it is missing, which is an error where it is required. JSON null counts as a wrong type.</summary>
    public JsonElement? Value(string name, bool required, params JsonValueKind[] kinds)
    {
        if (!members.TryGetValue(name, out var value))
        {
            if (required) Error(name, FieldErrorCode.Missing, $"{PathOf(name)} is required.");
            return null;
        }
        if (kinds.Contains(value.ValueKind)) return value;
        Error(name, FieldErrorCode.WrongType, $"{PathOf(name)} must be {KindText(kinds[0])}.");
        return null;
    }

    public string? Text(string name, int longest, bool required = false)
    {
        if (Value(name, required, JsonValueKind.String)?.GetString() is not { } text) return null;
        if (required && text.Length == 0) Error(name, FieldErrorCode.Missing, $"{PathOf(name)} must not be empty.");
        else if (text.Length > longest) Error(name, FieldErrorCode.TooLong, $"{PathOf(name)} may have at most {longest} characters; it has {text.Length}.");
        else return text;
        return null;
    }

    /// <summary>A number that is written as a whole one: 5, and not 5.0.</summary>
    public long? Whole(string name, long least, long most)
    {
        if (Value(name, false, JsonValueKind.Number) is not { } value) return null;
        if (value.TryGetInt64(out var number) && number >= least && number <= most) return number;
        Error(name, FieldErrorCode.BadValue, $"{PathOf(name)} must be a whole number from {least} to {most}.");
        return null;
    }

    public bool Flag(string name) =>
        Value(name, false, JsonValueKind.True, JsonValueKind.False)?.GetBoolean() ?? false;

    /// <summary>A member kept as the JSON that it is, an object, at most this long.</summary>
    public JsonElement? Json(string name, int longest = DocumentLimits.Schema)
    {
        if (Value(name, false, JsonValueKind.Object) is not { } value) return null;
        var length = value.GetRawText().Length;
        if (length <= longest) return value.Clone();
        Error(name, FieldErrorCode.TooLong, $"{PathOf(name)} may have at most {longest} characters of JSON; it has {length}.");
        return null;
    }

    /// <summary>A list; each item is read with its path. Items that cannot be read are left out, with an error.</summary>
    public ImmutableArray<T> List<T>(string name, int most, Func<JsonElement, string, T?> read, bool required = false) where T : class
    {
        if (Value(name, required, JsonValueKind.Array) is not { } list) return [];
        if (list.GetArrayLength() > most)
        {
            Error(name, FieldErrorCode.TooMany, $"{PathOf(name)} may have at most {most} items; it has {list.GetArrayLength()}.");
            return [];
        }
        return [.. list.EnumerateArray().Select((item, i) => read(item, $"{PathOf(name)}[{i}]")).OfType<T>()];
    }

    /// <summary>A list of different texts of one form.</summary>
    public ImmutableArray<string> Texts(string name, int most, Func<string, string?> normalise, string rule)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return List(name, most, (item, at) =>
        {
            if (item.ValueKind != JsonValueKind.String)
                errors.Add(at, FieldErrorCode.WrongType, $"{at} must be a text.");
            else if (normalise(item.GetString()!) is not { } text)
                errors.Add(at, FieldErrorCode.BadValue, $"{at} must be {rule}.");
            else if (!seen.Add(text))
                errors.Add(at, FieldErrorCode.Duplicate, $"{at} is given twice: {text}.");
            else return text;
            return null;
        });
    }

    private static string Named(string path) => path.Length == 0 ? "the document" : path;

    private static string KindText(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "a text",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };
}

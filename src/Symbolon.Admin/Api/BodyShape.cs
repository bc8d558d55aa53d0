using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Admin.Api;

/// <summary>Holds a body against the shape of its request and tells every member that is unknown, missing or of a wrong type, by name.</summary>
internal static class BodyShape
{
    private const int Most = 100;

    public static IReadOnlyList<FieldErrorResponse> ErrorsOf(JsonElement body, JsonTypeInfo type)
    {
        var errors = new List<FieldErrorResponse>();
        Check(body, type, "", errors);
        return errors.Count <= Most ? errors : errors[..Most];
    }

    private static void Check(JsonElement value, JsonTypeInfo type, string path, List<FieldErrorResponse> errors)
    {
        if ((Nullable.GetUnderlyingType(type.Type) ?? type.Type) == typeof(JsonElement)) return;
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when value.ValueKind == JsonValueKind.Object: CheckMembers(value, type, path, errors); break;
            case JsonTypeInfoKind.Enumerable when value.ValueKind == JsonValueKind.Array: CheckItems(value, type, path, errors); break;
            case JsonTypeInfoKind.Object: Wrong(path, "an object", errors); break;
            case JsonTypeInfoKind.Enumerable: Wrong(path, "a list", errors); break;
            default: CheckScalar(value, type.Type, path, errors); break;
        }
    }

    private static void CheckMembers(JsonElement value, JsonTypeInfo type, string path, List<FieldErrorResponse> errors)
    {
        foreach (var member in value.EnumerateObject())
        {
            var known = type.Properties.FirstOrDefault(property => property.Name == member.Name);
            var at = PathOf(path, TextRules.Shown(member.Name));
            if (known is null)
                errors.Add(new(at, FieldErrorCode.UnknownField, $"There is no field {at}. Fields: {string.Join(", ", type.Properties.Select(property => property.Name))}."));
            else if (member.Value.ValueKind != JsonValueKind.Null || known.IsRequired)
                Check(member.Value, type.Options.GetTypeInfo(known.PropertyType), at, errors);
        }
        foreach (var property in type.Properties)
            if (property.IsRequired && !value.TryGetProperty(property.Name, out _))
                errors.Add(new(PathOf(path, property.Name), FieldErrorCode.Missing, $"{PathOf(path, property.Name)} is required."));
    }

    private static void CheckItems(JsonElement value, JsonTypeInfo type, string path, List<FieldErrorResponse> errors)
    {
        var item = type.Options.GetTypeInfo(type.ElementType!);
        var index = 0;
        foreach (var element in value.EnumerateArray()) Check(element, item, $"{path}[{index++}]", errors);
    }

    private static void CheckScalar(JsonElement value, Type type, string path, List<FieldErrorResponse> errors)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(bool))
        {
            if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) Wrong(path, "true or false", errors);
        }
        else if (type == typeof(int) || type == typeof(long))
        {
            if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number) || (type == typeof(int) && number != (int)number)) Wrong(path, "a whole number", errors);
        }
        else if (value.ValueKind != JsonValueKind.String)
        {
            Wrong(path, "a text", errors);
        }
        else if (value.GetString()!.Contains('\0'))
        {
            errors.Add(new(path, FieldErrorCode.BadCharacter, "U+0000 cannot be stored."));
        }
    }

    private static void Wrong(string path, string kind, List<FieldErrorResponse> errors) =>
        errors.Add(new(path, FieldErrorCode.WrongType, $"{(path.Length == 0 ? "The body" : path)} must be {kind}."));

    private static string PathOf(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}

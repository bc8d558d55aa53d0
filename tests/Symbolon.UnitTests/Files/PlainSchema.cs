using System.Text.Json;
using System.Text.RegularExpressions;

namespace Symbolon.UnitTests.Files;

/// <summary>As much of JSON Schema 2020-12 as the schema of our files uses. A keyword that is not understood here fails the test, so that none is written for nothing.</summary>
internal sealed class PlainSchema(JsonElement root)
{
    private static readonly HashSet<string> Remarks = ["$schema", "$id", "$defs", "title", "description", "format"];

    public JsonElement Root => root;

    /// <returns>What is wrong, with its place; empty for a value that is in order.</returns>
    public IReadOnlyList<string> Check(JsonElement value)
    {
        var errors = new List<string>();
        Check(root, "#", value, "", errors);
        return errors;
    }

    /// <summary>The object of the schema, with its members, that the object at <paramref name="path"/> of a value in order is held to; null for one of free members.</summary>
    public (string Place, JsonElement Schema)? At(JsonElement value, IEnumerable<string> path)
    {
        var (schema, place) = Follow(root, "#", value);
        foreach (var step in path)
        {
            if (value.ValueKind == JsonValueKind.Array)
            {
                (schema, place, value) = (schema.GetProperty("items"), place + "/items", value[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]);
            }
            else
            {
                if (!schema.TryGetProperty("properties", out var members) || !members.TryGetProperty(step, out var member)) return null;
                (schema, place, value) = (member, $"{place}/{step}", value.GetProperty(step));
            }
            (schema, place) = Follow(schema, place, value);
        }
        return schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False ? (place, schema) : null;
    }

    private (JsonElement Schema, string Place) Follow(JsonElement schema, string place, JsonElement value)
    {
        if (schema.TryGetProperty("$ref", out var reference)) return (root.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..]), reference.GetString()!);
        if (!schema.TryGetProperty("oneOf", out var branches)) return (schema, place);
        return branches.EnumerateArray().Select(branch => Follow(branch, place, value)).Single(branch =>
        {
            var errors = new List<string>();
            Check(branch.Schema, branch.Place, value, "", errors);
            return errors.Count == 0;
        });
    }

    private void Check(JsonElement schema, string place, JsonElement value, string at, List<string> errors)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            var limit = keyword.Value;
            var isRight = keyword.Name switch
            {
                "$ref" => CheckOne(root.GetProperty("$defs").GetProperty(limit.GetString()!["#/$defs/".Length..]), limit.GetString()!),
                "oneOf" => limit.EnumerateArray().Count(branch => Passes(branch, place, value)) == 1,
                "not" => !Passes(limit, place, value),
                "const" => JsonElement.DeepEquals(limit, value),
                "enum" => limit.EnumerateArray().Any(each => JsonElement.DeepEquals(each, value)),
                "type" => limit.GetString() == KindOf(value) || (limit.GetString() == "integer" && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _)),
                "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() >= limit.GetDouble(),
                "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() <= limit.GetDouble(),
                "pattern" => value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, limit.GetString()!, RegexOptions.ECMAScript),
                "minLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= limit.GetInt32(),
                "maxLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length <= limit.GetInt32(),
                "minItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= limit.GetInt32(),
                "maxItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= limit.GetInt32(),
                "uniqueItems" => value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Select(item => item.GetRawText()).Distinct().Count() == value.GetArrayLength(),
                "minProperties" => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Count() >= limit.GetInt32(),
                "maxProperties" => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Count() <= limit.GetInt32(),
                "required" => value.ValueKind != JsonValueKind.Object || limit.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
                "propertyNames" => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().All(member => Passes(limit, place, JsonSerializer.SerializeToElement(member.Name))),
                "items" => value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Select((item, i) => CheckOne(limit, place + "/items", item, $"{at}[{i}]")).ToList().TrueForAll(each => each),
                "properties" => CheckMembers(limit),
                "additionalProperties" => CheckOthers(limit),
                _ => Remarks.Contains(keyword.Name) ? true : throw new NotSupportedException(keyword.Name),
            };
            if (!isRight) errors.Add($"{at}: {keyword.Name} of {place}");
        }

        bool CheckOne(JsonElement inner, string where, JsonElement? part = null, string? partAt = null)
        {
            Check(inner, where, part ?? value, partAt ?? at, errors);
            return true;
        }

        bool CheckMembers(JsonElement members)
        {
            if (value.ValueKind != JsonValueKind.Object) return true;
            foreach (var member in members.EnumerateObject())
                if (value.TryGetProperty(member.Name, out var part)) CheckOne(member.Value, $"{place}/{member.Name}", part, $"{at}.{member.Name}");
            return true;
        }

        bool CheckOthers(JsonElement rule)
        {
            if (value.ValueKind != JsonValueKind.Object) return true;
            var others = value.EnumerateObject().Where(member => !(schema.TryGetProperty("properties", out var known) && known.TryGetProperty(member.Name, out _))).ToList();
            return rule.ValueKind == JsonValueKind.False ? others.Count == 0 : others.TrueForAll(member => CheckOne(rule, place, member.Value, $"{at}.{member.Name}"));
        }
    }

    private bool Passes(JsonElement schema, string place, JsonElement value)
    {
        var errors = new List<string>();
        Check(schema, place, value, "", errors);
        return errors.Count == 0;
    }

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.Null => "null",
        _ => "boolean",
    };
}

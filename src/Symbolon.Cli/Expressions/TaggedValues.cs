using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Cel;
using Symbolon.Cel.Evaluation;
using Symbolon.Cel.Types;
using Symbolon.Cel.Values;

namespace Symbolon.Cli.Expressions;

/// <summary>Values in the tagged form of the specification's tests (cel.expr.Value as JSON): <c>{"int64_value":"1"}</c>.</summary>
internal static class TaggedValues
{
    private static readonly CelProgram Timestamps = new CelEnvironment([new CelVariable("text", CelType.String)]).Compile("timestamp(text)");
    private static readonly CelProgram Durations = new CelEnvironment([new CelVariable("text", CelType.String)]).Compile("duration(text)");

    /// <exception cref="FormatException">It is none.</exception>
    public static CelValue Read(JsonElement value)
    {
        var (tag, content) = Only(value);
        return tag switch
        {
            "null_value" => CelValue.Null,
            "bool_value" => CelValue.Of(TextOf(content) switch { "true" => true, "false" => false, _ => throw Bad(tag) }),
            "int64_value" => CelValue.Of(long.TryParse(TextOf(content), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : throw Bad(tag)),
            "uint64_value" => CelValue.Of(ulong.TryParse(TextOf(content), NumberStyles.None, CultureInfo.InvariantCulture, out var unsigned) ? unsigned : throw Bad(tag)),
            "double_value" => CelValue.Of(ReadDouble(TextOf(content)) ?? throw Bad(tag)),
            "string_value" => CelValue.Of(content.GetString() ?? throw Bad(tag)),
            "bytes_value" => CelValue.Of(ReadBytes(content)),
            "list_value" => CelValue.ListOf([.. ItemsOf(content, "values").Select(Read)]),
            "map_value" => ReadMap(content),
            "type_value" => CelValue.OfType(TextOf(content)),
            "object_value" => ReadMessage(content),
            _ => throw Bad(tag),
        };
    }

    /// <summary>A timestamp or a duration, as <see cref="Write"/> gives them.</summary>
    private static CelValue ReadMessage(JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Object || !content.TryGetProperty("@type", out var type) || !content.TryGetProperty("value", out var value) || value.ValueKind != JsonValueKind.String) throw Bad("object_value");
        var reader = type.ToString() switch
        {
            "type.googleapis.com/google.protobuf.Timestamp" => Timestamps,
            "type.googleapis.com/google.protobuf.Duration" => Durations,
            _ => throw new FormatException($"{type} is no message that is known here: timestamps and durations are"),
        };
        var read = reader.Evaluate(new CelBindings(CelValue.Of(value.GetString()!)));
        return read.Kind == CelKind.Error ? throw Bad("object_value") : read;
    }

    /// <returns>Null for what has no such form: an error.</returns>
    public static JsonObject? Write(CelValue value) => value.Kind switch
    {
        CelKind.Null => Tagged("null_value", "NULL_VALUE"),
        CelKind.Bool => Tagged("bool_value", value.AsBool ? "true" : "false"),
        CelKind.Int => Tagged("int64_value", value.AsInt.ToString(CultureInfo.InvariantCulture)),
        CelKind.Uint => Tagged("uint64_value", value.AsUint.ToString(CultureInfo.InvariantCulture)),
        CelKind.Double => Tagged("double_value", WriteDouble(value.AsDouble)),
        CelKind.String => Tagged("string_value", value.AsText()),
        CelKind.Bytes => Tagged("bytes_value", Tagged("base64", Convert.ToBase64String(value.AsBytes()))),
        CelKind.Type => Tagged("type_value", value.AsTypeName),
        CelKind.List => Tagged("list_value", WriteList(value)),
        CelKind.Map => Tagged("map_value", WriteMap(value)),
        CelKind.Timestamp => Message("google.protobuf.Timestamp", value.ToString()),
        CelKind.Duration => Message("google.protobuf.Duration", value.ToString()),
        CelKind.Ip => Message("net.IP", value.ToString()),
        CelKind.Cidr => Message("net.CIDR", value.ToString()),
        CelKind.Optional => Message("optional_type", value.AsOptional is { } some ? Write(some) : null),
        _ => null,
    };

    private static double? ReadDouble(string text) => text switch
    {
        "NaN" or "nan" => double.NaN,
        "Infinity" or "inf" or "+Infinity" => double.PositiveInfinity,
        "-Infinity" or "-inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
    };

    private static string WriteDouble(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? value > 0 ? "Infinity" : "-Infinity" : value.ToString("R", CultureInfo.InvariantCulture);

    private static byte[] ReadBytes(JsonElement content)
    {
        var text = content.ValueKind == JsonValueKind.Object && content.TryGetProperty("base64", out var inner) ? inner.GetString() : content.GetString();
        try
        {
            return Convert.FromBase64String(text ?? "");
        }
        catch (FormatException)
        {
            throw Bad("bytes_value");
        }
    }

    private static CelValue ReadMap(JsonElement content)
    {
        var table = new CelTable(0);
        foreach (var entry in ItemsOf(content, "entries"))
        {
            if (!entry.TryGetProperty("key", out var key) || !entry.TryGetProperty("value", out var value)) throw Bad("map_value");
            if (!table.TryAdd(Read(key), Read(value))) throw new FormatException("a map_value has a key twice");
        }
        return CelValue.Of(table);
    }

    private static List<JsonElement> ItemsOf(JsonElement content, string name) =>
        content.ValueKind != JsonValueKind.Object ? throw Bad(name) : !content.TryGetProperty(name, out var items) ? [] : items.ValueKind == JsonValueKind.Array ? [.. items.EnumerateArray()] : throw Bad(name);

    private static JsonObject WriteList(CelValue list)
    {
        var items = new JsonArray();
        for (var i = 0; i < list.AsList.Count(list.Node); i++) items.Add(Write(list.AsList[list.Node, i]));
        return items.Count == 0 ? [] : Tagged("values", items);
    }

    private static JsonObject WriteMap(CelValue map)
    {
        var entries = new JsonArray();
        for (var i = 0; i < map.AsMap.Count(map.Node); i++)
            entries.Add(new JsonObject { ["key"] = Write(map.AsMap.KeyAt(map.Node, i)), ["value"] = Write(map.AsMap.ValueAt(map.Node, i)) });
        return entries.Count == 0 ? [] : Tagged("entries", entries);
    }

    /// <summary>What the tests have no tag for, as a message in an Any.</summary>
    private static JsonObject Message(string type, JsonNode? value) => Tagged("object_value", new JsonObject { ["@type"] = $"type.googleapis.com/{type}", ["value"] = value });

    private static JsonObject Tagged(string tag, JsonNode content) => new() { [tag] = content };

    internal static (string Tag, JsonElement Content) Only(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) throw new FormatException("a value is an object with one tag");
        foreach (var member in value.EnumerateObject()) return (member.Name, member.Value);
        throw new FormatException("a value has one tag, and this one has none");
    }

    /// <summary>Numbers and truth values come as texts there, and as themselves from people.</summary>
    private static string TextOf(JsonElement content) => content.ValueKind == JsonValueKind.String ? content.GetString()! : content.GetRawText();

    private static FormatException Bad(string tag) => new($"{tag} is not in the form of the specification's tests");
}

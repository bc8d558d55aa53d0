using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Cel.Types;

namespace Symbolon.Cli.Expressions;

/// <summary>Types in the form of the specification's tests (cel.expr.Type as JSON): <c>{"primitive":"INT64"}</c>.</summary>
internal static class TaggedTypes
{
    private static readonly (string Name, CelType Type)[] Primitives =
        [("BOOL", CelType.Bool), ("INT64", CelType.Int), ("UINT64", CelType.Uint), ("DOUBLE", CelType.Double), ("STRING", CelType.String), ("BYTES", CelType.Bytes)];

    private static readonly (string Name, CelType Type)[] WellKnown = [("ANY", CelType.Dyn), ("TIMESTAMP", CelType.Timestamp), ("DURATION", CelType.Duration)];

    /// <exception cref="FormatException">It is none, or one that is not here.</exception>
    public static CelType Read(JsonElement type)
    {
        if (type.ValueKind == JsonValueKind.Object && !type.EnumerateObject().MoveNext()) return CelType.Dyn;
        var (tag, content) = TaggedValues.Only(type);
        return tag switch
        {
            "primitive" => Named(Primitives, content),
            "well_known" => Named(WellKnown, content),
            // Without messages there is nothing that a wrapper wraps but its value, or null.
            "dyn" or "wrapper" or "type_param" => CelType.Dyn,
            "null" => CelType.Null,
            "list_type" => CelType.List(Inside(content, "elem_type")),
            "map_type" => CelType.Map(Inside(content, "key_type"), Inside(content, "value_type")),
            "type" => CelType.TypeOf(content.ValueKind == JsonValueKind.Object ? Read(content) : CelType.Dyn),
            "abstract_type" => Abstract(content),
            "message_type" => content.GetString() switch
            {
                "google.protobuf.Timestamp" => CelType.Timestamp,
                "google.protobuf.Duration" => CelType.Duration,
                _ => throw new FormatException($"message type {content.GetString()} is not known here: messages are not part of this implementation"),
            },
            _ => throw new FormatException($"{tag} is no type that is known here"),
        };
    }

    public static JsonObject Write(CelType type) => type.Kind switch
    {
        CelTypeKind.Null => new() { ["null"] = "NULL_VALUE" },
        CelTypeKind.Timestamp or CelTypeKind.Duration => new() { ["well_known"] = WellKnown.First(each => each.Type.Equals(type)).Name },
        CelTypeKind.List => new() { ["list_type"] = new JsonObject { ["elem_type"] = Write(type.Parameters[0]) } },
        CelTypeKind.Map => new() { ["map_type"] = new JsonObject { ["key_type"] = Write(type.Parameters[0]), ["value_type"] = Write(type.Parameters[1]) } },
        CelTypeKind.Type => new() { ["type"] = Write(type.Parameters[0]) },
        CelTypeKind.Optional => new() { ["abstract_type"] = new JsonObject { ["name"] = "optional_type", ["parameter_types"] = new JsonArray(Write(type.Parameters[0])) } },
        CelTypeKind.Ip or CelTypeKind.Cidr => new() { ["abstract_type"] = new JsonObject { ["name"] = type.ToString() } },
        _ => Primitives.FirstOrDefault(each => each.Type.Equals(type)).Name is { } name ? new() { ["primitive"] = name } : new() { ["dyn"] = new JsonObject() },
    };

    private static CelType Inside(JsonElement content, string name) => content.ValueKind == JsonValueKind.Object && content.TryGetProperty(name, out var inner) ? Read(inner) : CelType.Dyn;

    private static CelType Named((string Name, CelType Type)[] known, JsonElement content) =>
        known.FirstOrDefault(each => each.Name == content.GetString()).Type ?? throw new FormatException($"{content} is no type that is known here");

    private static CelType Abstract(JsonElement content)
    {
        var name = content.ValueKind == JsonValueKind.Object && content.TryGetProperty("name", out var found) ? found.GetString() : null;
        return name switch
        {
            "optional_type" or "optional" => CelType.Optional(content.TryGetProperty("parameter_types", out var parameters) && parameters.ValueKind == JsonValueKind.Array && parameters.GetArrayLength() == 1 ? Read(parameters[0]) : CelType.Dyn),
            "net.IP" => CelType.Ip,
            "net.CIDR" => CelType.Cidr,
            _ => throw new FormatException($"{name} is no type that is known here"),
        };
    }
}

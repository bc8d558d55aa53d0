using Symbolon.Cel.Types;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary>The names of types as values.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<string, CelType> Named = new(StringComparer.Ordinal)
    {
        ["bool"] = CelType.Bool,
        ["int"] = CelType.Int,
        ["uint"] = CelType.Uint,
        ["double"] = CelType.Double,
        ["string"] = CelType.String,
        ["bytes"] = CelType.Bytes,
        ["list"] = CelType.List(CelType.Dyn),
        ["map"] = CelType.Map(CelType.Dyn, CelType.Dyn),
        ["null_type"] = CelType.Null,
        ["type"] = CelType.TypeOf(CelType.Dyn),
        ["dyn"] = CelType.Dyn,
        ["google.protobuf.Timestamp"] = CelType.Timestamp,
        ["google.protobuf.Duration"] = CelType.Duration,
        ["net.IP"] = CelType.Ip,
        ["net.CIDR"] = CelType.Cidr,
        ["optional_type"] = CelType.Optional(CelType.Dyn),
    };

    /// <returns>What the name stands for as a value; null where it is no type.</returns>
    public static CelType? Find(string name) => name == "dyn" ? null : Named.GetValueOrDefault(name);

    public static string Of(in CelValue value) => value.Kind switch
    {
        CelKind.Null => "null_type",
        CelKind.Timestamp => "google.protobuf.Timestamp",
        CelKind.Duration => "google.protobuf.Duration",
        CelKind.Optional => "optional_type",
        CelKind.Ip => "net.IP",
        CelKind.Cidr => "net.CIDR",
        _ => value.Kind.ToString().ToLowerInvariant(),
    };
}

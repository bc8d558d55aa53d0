namespace Symbolon.Cel.Types;

/// <summary>The kinds of <see cref="CelType"/>.</summary>
public enum CelTypeKind : byte
{
    Dyn,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    List,
    Map,
    Type,
    Optional,
    Ip,
    Cidr,

    /// <summary>A map of which members are known: <see cref="CelType.Shape"/>.</summary>
    Record,

    /// <summary>A parameter of a signature, or what nothing is known of yet: the items of <c>[]</c>.</summary>
    Variable,
}

/// <summary>What is known of a value before it is evaluated. langdef.md, Gradual Type Checking.</summary>
public sealed class CelType : IEquatable<CelType>
{
    public static readonly CelType Dyn = new(CelTypeKind.Dyn);
    public static readonly CelType Null = new(CelTypeKind.Null);
    public static readonly CelType Bool = new(CelTypeKind.Bool);
    public static readonly CelType Int = new(CelTypeKind.Int);
    public static readonly CelType Uint = new(CelTypeKind.Uint);
    public static readonly CelType Double = new(CelTypeKind.Double);
    public static readonly CelType String = new(CelTypeKind.String);
    public static readonly CelType Bytes = new(CelTypeKind.Bytes);
    public static readonly CelType Timestamp = new(CelTypeKind.Timestamp);
    public static readonly CelType Duration = new(CelTypeKind.Duration);
    public static readonly CelType Ip = new(CelTypeKind.Ip);
    public static readonly CelType Cidr = new(CelTypeKind.Cidr);

    private CelType(CelTypeKind kind, string? name = null, CelShape? shape = null, params CelType[] parameters) =>
        (Kind, Variable, Shape, Parameters) = (kind, name, shape, parameters);

    public CelTypeKind Kind { get; }

    /// <summary>Of a list its items, of a map keys and values, of an optional or type what is in it.</summary>
    public IReadOnlyList<CelType> Parameters { get; }

    /// <summary>Of a record.</summary>
    public CelShape? Shape { get; }

    internal string? Variable { get; }

    public static CelType List(CelType item) => new(CelTypeKind.List, parameters: item);

    public static CelType Map(CelType key, CelType value) => new(CelTypeKind.Map, parameters: [key, value]);

    public static CelType Optional(CelType value) => new(CelTypeKind.Optional, parameters: value);

    public static CelType TypeOf(CelType type) => new(CelTypeKind.Type, parameters: type);

    public static CelType Record(CelShape shape) => new(CelTypeKind.Record, shape: shape);

    internal static CelType VariableNamed(string name) => new(CelTypeKind.Variable, name);

    /// <summary>The same kind with other parameters.</summary>
    internal CelType With(CelType[] parameters) => new(Kind, Variable, Shape, parameters);

    internal bool IsNumber => Kind is CelTypeKind.Int or CelTypeKind.Uint or CelTypeKind.Double;

    public bool Equals(CelType? other) =>
        other is not null && Kind == other.Kind && Variable == other.Variable && ReferenceEquals(Shape, other.Shape) && Parameters.SequenceEqual(other.Parameters);

    public override bool Equals(object? obj) => Equals(obj as CelType);

    public override int GetHashCode() => HashCode.Combine(Kind, Variable, Parameters.Count > 0 ? Parameters[0] : null);

    /// <summary>As people write it: <c>list(int)</c>.</summary>
    public override string ToString() => Kind switch
    {
        CelTypeKind.Null => "null_type",
        CelTypeKind.Timestamp => "google.protobuf.Timestamp",
        CelTypeKind.Duration => "google.protobuf.Duration",
        CelTypeKind.Ip => "net.IP",
        CelTypeKind.Cidr => "net.CIDR",
        CelTypeKind.Record => "map(string, dyn)",
        CelTypeKind.Variable => Variable!.Length == 1 ? Variable : "dyn",
        CelTypeKind.Optional => $"optional_type({Parameters[0]})",
        _ => Kind.ToString().ToLowerInvariant() + (Parameters.Count == 0 ? "" : $"({string.Join(", ", Parameters)})"),
    };
}

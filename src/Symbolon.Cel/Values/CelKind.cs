namespace Symbolon.Cel.Values;

/// <summary>The kinds of value that there are while an expression is evaluated.</summary>
public enum CelKind : byte
{
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    List,
    Map,
    Timestamp,
    Duration,

    /// <summary>A type as a value: <c>type(1) == int</c>.</summary>
    Type,
    Optional,
    Ip,
    Cidr,

    /// <summary>Something could not be evaluated. It goes on as a value: <c>true || error</c> is true.</summary>
    Error,

    /// <summary>The host does not know it yet: <c>true || unknown</c> is true.</summary>
    Unknown,
}

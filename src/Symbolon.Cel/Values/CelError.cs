namespace Symbolon.Cel.Values;

/// <summary>Why something has no value. The texts are those that other implementations use, as far as they agree.</summary>
public sealed record CelError(string Message)
{
    internal static readonly CelError NoOverload = new("no such overload");
    internal static readonly CelError NoKey = new("no such key");
    internal static readonly CelError DivideByZero = new("divide by zero");
    internal static readonly CelError ModulusByZero = new("modulus by zero");
    internal static readonly CelError IntOverflow = new("integer overflow: return error for overflow");
    internal static readonly CelError Range = new("range error: the value is out of range");
    internal static readonly CelError Cost = new("cost limit exceeded");
    internal static readonly CelError UnsupportedKey = new("unsupported key type");
    internal static readonly CelError RepeatedKey = new("Failed with repeated key");
    internal static readonly CelError Inexact = new("a number that neither int nor double carries exactly");
}

using Symbolon.Cel.Types;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary>What a function does with its operands, none of which is an error. An operand of a kind that it has no overload for gives <see cref="CelError.NoOverload"/>.</summary>
internal delegate CelValue Nullary();

internal delegate CelValue Unary(in CelValue a, CelMeter meter);

internal delegate CelValue Binary(in CelValue a, in CelValue b, CelMeter meter);

internal delegate CelValue Ternary(in CelValue a, in CelValue b, in CelValue c, CelMeter meter);

internal delegate CelValue Variadic(CelValue[] operands, CelMeter meter);

/// <summary>A function with all its overloads.</summary>
internal sealed class CelFunction(string name)
{
    private readonly List<CelSignature> signatures = [];

    public string Name { get; } = name;

    public IReadOnlyList<CelSignature> Signatures => signatures;

    public Nullary? Of0 { get; private set; }

    public Unary? Of1 { get; private set; }

    public Binary? Of2 { get; private set; }

    public Ternary? Of3 { get; private set; }

    /// <summary>For any other number of operands.</summary>
    public Variadic? OfMany { get; private set; }

    public CelFunction Add(Nullary of, params ReadOnlySpan<string> overloads) => Declare(overloads, () => Of0 = of);

    public CelFunction Add(Unary of, params ReadOnlySpan<string> overloads) => Declare(overloads, () => Of1 = of);

    public CelFunction Add(Binary of, params ReadOnlySpan<string> overloads) => Declare(overloads, () => Of2 = of);

    public CelFunction Add(Ternary of, params ReadOnlySpan<string> overloads) => Declare(overloads, () => Of3 = of);

    public CelFunction Add(Variadic of, params ReadOnlySpan<string> overloads) => Declare(overloads, () => OfMany = of);

    /// <summary>Whether it is ever written so.</summary>
    public bool IsWritten(bool asMember) => signatures.Exists(signature => signature.IsMember == asMember);

    private CelFunction Declare(ReadOnlySpan<string> overloads, Action set)
    {
        foreach (var overload in overloads) signatures.Add(CelSignature.Parse(overload));
        set();
        return this;
    }
}

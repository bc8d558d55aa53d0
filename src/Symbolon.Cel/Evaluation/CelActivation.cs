using Symbolon.Cel.Values;

namespace Symbolon.Cel.Evaluation;

/// <summary>What variables stand for while a program is evaluated. For one evaluation at a time; it may be used for many, one after another.</summary>
public abstract class CelActivation : CelMeter
{
    internal CelValue[] Locals { get; set; } = [];

    /// <param name="variable">Its place among those of the environment.</param>
    /// <returns><see cref="CelValue.Unknown"/> for what is not known yet.</returns>
    protected internal abstract CelValue Resolve(int variable);
}

/// <summary>Variables in an array.</summary>
/// <param name="values">In the order of the environment; those behind its end are unknown.</param>
public sealed class CelBindings(params CelValue[] values) : CelActivation
{
    protected internal override CelValue Resolve(int variable) => variable < values.Length ? values[variable] : CelValue.Unknown;
}

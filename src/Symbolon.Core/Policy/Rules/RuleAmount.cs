using Symbolon.Cel.Values;
using Symbolon.Core.Policy.Limits;

namespace Symbolon.Core.Policy.Rules;

/// <summary>What a call adds to a running total: a number from 0 on with at most six digits behind its point, in millionths.</summary>
internal static class RuleAmount
{
    public const string Rule = "what a call adds to a total must be a number from 0 on with at most six digits behind the point";

    /// <summary>Beyond it no total of a limit reaches.</summary>
    private const long Most = LimitTerms.Most + 1;

    public static bool TryRead(in CelValue value, out long millionths)
    {
        millionths = 0;
        switch (value.Kind)
        {
            case CelKind.Int when value.AsInt >= 0:
                millionths = Math.Min(value.AsInt, Most) * LimitTerms.PerUnit;
                return true;
            case CelKind.Uint:
                millionths = (long)Math.Min(value.AsUint, (ulong)Most) * LimitTerms.PerUnit;
                return true;
            case CelKind.Double when value.AsDouble is >= 0 and < 1e15:
                // A double that was read from a text of up to 15 digits has exactly that text as decimal.
                var amount = (decimal)value.AsDouble * LimitTerms.PerUnit;
                if (amount != decimal.Truncate(amount)) return false;
                millionths = (long)Math.Min(amount, (decimal)Most * LimitTerms.PerUnit);
                return true;
            case CelKind.Double when value.AsDouble >= 1e15:
                millionths = Most * LimitTerms.PerUnit;
                return true;
            default: return false;
        }
    }
}

using Symbolon.Cel.Functions;
using Symbolon.Cel.Syntax;
using Symbolon.Cel.Types;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Checking;

/// <summary>The values that something may still have after some conditions.</summary>
/// <param name="name">As people write it.</param>
/// <param name="member">As it is declared, where it is.</param>
internal sealed class Domain(string name, CelMember? member)
{
    private readonly CelMeter meter = new();
    private readonly List<CelValue> excluded = [];
    private List<CelValue>? values = member?.Values?.ToList();
    private (CelValue Value, bool IsWithin)? least = member?.Least is { } bound ? (CelValue.Of(bound), true) : null;
    private (CelValue Value, bool IsWithin)? most = member?.Most is { } bound ? (CelValue.Of(bound), true) : null;
    private bool? exists;

    public CelMember? Member => member;

    /// <returns>Why nothing is left; null where something is.</returns>
    public string? Exist(bool isThere)
    {
        if (exists is { } said && said != isThere) return $"'{name}' is there and is not there";
        exists = isThere;
        return null;
    }

    public string? Keep(IReadOnlyList<CelValue> wanted)
    {
        if (Exist(true) is { } why) return why;
        var before = values;
        values = [.. (before ?? wanted).Where(value => before is null || wanted.Any(other => Same(value, other)))];
        return Left(() => before is null || member?.Values is null
            ? $"'{name}' would have to be two values at once" : $"'{name}' is one of {Shown(member.Values)}, and never {Shown(wanted)}");
    }

    public string? Compare(string operation, in CelValue with)
    {
        if (operation == Operators.Equal) return Keep([with]);
        if (Exist(true) is { } why) return why;
        var limit = with;
        switch (operation)
        {
            case Operators.NotEqual: excluded.Add(limit); break;
            case Operators.Less or Operators.LessOrEqual when CelNumbers.IsNumber(limit):
                if (most is not { } high || CelNumbers.Compare(limit, high.Value) is var order && (order < 0 || (order == 0 && operation == Operators.Less))) most = (limit, operation == Operators.LessOrEqual);
                break;
            case Operators.Greater or Operators.GreaterOrEqual when CelNumbers.IsNumber(limit):
                if (least is not { } low || CelNumbers.Compare(limit, low.Value) is var order2 && (order2 == 1 || (order2 == 0 && operation == Operators.Greater))) least = (limit, operation == Operators.GreaterOrEqual);
                break;
        }
        return Left(() => member is { Least: not null } or { Most: not null } or { Values: not null } ? $"'{name}' has no value that is so, as it is declared" : $"no value of '{name}' is so and meets the other conditions");
    }

    private string? Left(Func<string> why)
    {
        if (least is { } low && most is { } high && CelNumbers.Compare(low.Value, high.Value) is var order && (order == 1 || (order == 0 && !(low.IsWithin && high.IsWithin)))) return why();
        return values is not null && !values.Exists(IsLeft) ? why() : null;
    }

    private bool IsLeft(CelValue value)
    {
        if (excluded.Exists(other => Same(value, other))) return false;
        if (!CelNumbers.IsNumber(value)) return true;
        return (least is not { } low || CelNumbers.Compare(value, low.Value) is var above && (above == 1 || (above == 0 && low.IsWithin)))
            && (most is not { } high || CelNumbers.Compare(value, high.Value) is var below && (below == -1 || (below == 0 && high.IsWithin)));
    }

    private bool Same(in CelValue a, in CelValue b)
    {
        meter.Start(1_000_000);
        return Sameness.Of(a, b, meter).IsTrue;
    }

    private static string Shown(IReadOnlyList<CelValue> values) => string.Join(", ", values.Take(8).Select(value => $"'{value}'")) + (values.Count > 8 ? ", …" : "");
}

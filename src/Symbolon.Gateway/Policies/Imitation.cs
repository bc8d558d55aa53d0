using Symbolon.Core.Policy.Rules;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Policies;

/// <summary>Arguments that a reader without regard to case takes for one that a rule names. DESIGN.md section 4, Bytes.</summary>
internal static class Imitation
{
    /// <returns>The name that a rule has and that an argument, or a member inside of one, folds to without being it; or null.</returns>
    public static string? Find(OutlinedObject arguments, ArgumentNames names)
    {
        foreach (var argument in arguments)
        {
            if (names.Outer.ImitatedBy(argument, out var isNamed) is { } imitated) return imitated;
            if (!names.Inner.IsEmpty && (isNamed || names.IsOfAll) && Inside(argument.Value, names.Inner) is { } inner) return inner;
        }
        return null;
    }

    private static string? Inside(JsonValue value, FoldedNames names)
    {
        foreach (var member in value.Members)
            if ((names.ImitatedBy(member, out _) ?? Inside(member.Value, names)) is { } imitated) return imitated;
        foreach (var item in value.Items)
            if (Inside(item, names) is { } imitated) return imitated;
        return null;
    }
}

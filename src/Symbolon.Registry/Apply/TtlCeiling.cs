using Symbolon.Core.Registry.Files;

namespace Symbolon.Registry.Apply;

/// <summary>No grant allows longer tokens than its organisation: more than the ceiling is refused, not clipped. DESIGN.md section 4, Tokens.</summary>
internal static class TtlCeiling
{
    public static IEnumerable<FieldError> In(Document document, long ceilingSeconds, string path) => document switch
    {
        Document.Grant { Object.MaxTtlSeconds: { } wanted } when wanted > ceilingSeconds =>
            [new FieldError($"{path}spec.tokens.maxTtl", FieldErrorCode.BadValue, $"{Durations.ToText(wanted)} is more than {Durations.ToText(ceilingSeconds)}, the organisation's ceiling.")],
        _ => [],
    };
}

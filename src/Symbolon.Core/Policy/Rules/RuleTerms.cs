using System.Globalization;
using Symbolon.Core.Policy.Limits;
using Symbolon.Core.Registry;

namespace Symbolon.Core.Policy.Rules;

/// <summary>The limit of a rule, read.</summary>
internal static class RuleTerms
{
    public static bool TryRead(RuleLimit limit, out LimitTerms? terms, out LimitPer per, out string? error)
    {
        var (kind, text) = limit.Rate is not null ? (LimitKind.Rate, limit.Rate)
            : limit.Quota is not null ? (LimitKind.Quota, limit.Quota)
            : limit.Total is not null ? (LimitKind.Total, limit.Total)
            : (LimitKind.Concurrency, limit.Concurrency?.ToString(CultureInfo.InvariantCulture) ?? "");
        per = LimitPer.None;
        return LimitTerms.TryParse(kind, text, limit.Burst, out terms, out error) && LimitKey.TryParse(limit.Per, out per, out error);
    }
}

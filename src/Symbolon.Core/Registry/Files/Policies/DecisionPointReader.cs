using System.Text.Json;

namespace Symbolon.Core.Registry.Files.Policies;

/// <summary><c>decide: { url: https://…, timeout: 500ms, cache: 30s }</c>: who is asked in place of the rule.</summary>
internal static class DecisionPointReader
{
    public static DecisionPoint? Read(ObjectFields rule, FieldErrors errors)
    {
        if (rule.Value("decide", required: false, JsonValueKind.Object) is not { } found
            || ObjectFields.Open(found, rule.PathOf("decide"), errors, ["url", "timeout", "cache"]) is not { } fields) return null;
        var url = fields.Text("url", DocumentLimits.Url, required: true);
        if (url is not null && !IssuerUrl.IsKeysAddress(url)) fields.Error("url", FieldErrorCode.BadValue, $"{fields.PathOf("url")} must be {IssuerUrl.KeysRule}.");
        return url is null ? null : new DecisionPoint { Url = url, TimeoutMilliseconds = TimeoutOf(fields), CacheSeconds = CacheOf(fields) };
    }

    private static int TimeoutOf(ObjectFields fields)
    {
        if (fields.Text("timeout", 64) is not { } text) return DecisionPoint.UsualTimeout;
        if (ShortTime.TryParse(text, out var milliseconds) && milliseconds <= DecisionPoint.MostTimeout) return milliseconds;
        fields.Error("timeout", FieldErrorCode.BadValue, $"{fields.PathOf("timeout")} must be {ShortTime.Rule}, at most {ShortTime.ToText(DecisionPoint.MostTimeout)}.");
        return DecisionPoint.UsualTimeout;
    }

    private static int CacheOf(ObjectFields fields)
    {
        if (fields.Text("cache", 64) is not { } text || text == "0s") return 0;
        if (Durations.TryParse(text, out var seconds) && seconds <= DecisionPoint.MostCache) return (int)seconds;
        fields.Error("cache", FieldErrorCode.BadValue, $"{fields.PathOf("cache")} must be {Durations.Rule}, at most {Durations.ToText(DecisionPoint.MostCache)}, or 0s for never.");
        return 0;
    }
}

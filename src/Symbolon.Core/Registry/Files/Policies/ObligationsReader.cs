using System.Collections.Immutable;
using System.Text.Json;

namespace Symbolon.Core.Registry.Files.Policies;

/// <summary><c>obligations: { redact: [...], maxResultBytes: 65536, headers: {...} }</c>.</summary>
internal static class ObligationsReader
{
    private const int MostPath = 256;
    private const string PathRule = "the name of a member, or names with a point between them, of at most 256 characters, none of them unseen";

    public static RuleObligations? Read(ObjectFields rule, FieldErrors errors)
    {
        if (rule.Value("obligations", required: false, JsonValueKind.Object) is not { } found
            || ObjectFields.Open(found, rule.PathOf("obligations"), errors, ["redact", "maxResultBytes", "headers"]) is not { } fields) return null;
        var before = errors.Found.Count;
        var obligations = new RuleObligations
        {
            Redact = fields.Texts("redact", DocumentLimits.Redacted, text => IsPath(text) ? text : null, PathRule),
            MostResultBytes = fields.Whole("maxResultBytes", 1, UpstreamLimits.MostAnswer),
            Headers = HeadersOf(fields, errors),
        };
        if (errors.Found.Count == before && obligations is { Redact.IsEmpty: true, MostResultBytes: null, Headers.Count: 0 })
            rule.Error("obligations", FieldErrorCode.Missing, $"{rule.PathOf("obligations")} must have redact, maxResultBytes or headers.");
        return obligations;
    }

    private static bool IsPath(string text) =>
        text.Length is > 0 and <= MostPath && !TextRules.HasUnseen(text) && Array.TrueForAll(text.Split('.'), name => name.Length > 0 && name.Trim() == name);

    private static ImmutableSortedDictionary<string, string> HeadersOf(ObjectFields fields, FieldErrors errors)
    {
        var headers = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        if (fields.Value("headers", required: false, JsonValueKind.Object) is not { } found) return headers.ToImmutable();
        foreach (var header in found.EnumerateObject())
        {
            var at = TextScan.Join(fields.PathOf("headers"), header.Name);
            if (!AddedHeader.IsAllowed(header.Name)) errors.Add(at, FieldErrorCode.BadName, $"{at} must be {AddedHeader.Rule}.");
            else if (header.Value.ValueKind != JsonValueKind.String) errors.Add(at, FieldErrorCode.WrongType, $"{at} must be a text.");
            else if (!AddedHeader.IsValue(header.Value.GetString()!)) errors.Add(at, FieldErrorCode.BadValue, $"{at} must be {AddedHeader.ValueRule}.");
            else if (!headers.TryAdd(header.Name, header.Value.GetString()!)) errors.Add(at, FieldErrorCode.Duplicate, $"{at} is given twice: names of headers are the same in upper and lower case.");
        }
        if (headers.Count > DocumentLimits.Headers) fields.Error("headers", FieldErrorCode.TooMany, $"{fields.PathOf("headers")} may have at most {DocumentLimits.Headers} headers.");
        return headers.ToImmutable();
    }
}

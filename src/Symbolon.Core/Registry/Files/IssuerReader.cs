using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry.Files;

/// <summary><c>kind: Issuer</c>: a foreign issuer, whom it is trusted for, and by which keys.</summary>
internal static class IssuerReader
{
    private const int MostAudience = 512;
    private const string DomainRule = "a SPIFFE trust domain: 1 to 255 of a-z, 0-9, '.', '-' and '_', without spiffe:// in front";

    public static Document? Read(ObjectFields document, FieldErrors errors)
    {
        var name = MetadataReader.ReadName(document, errors);
        if (document.Value("spec", required: true, JsonValueKind.Object) is not { } spec
            || ObjectFields.Open(spec, "spec", errors, ["issuer", "trustDomain", "audience", "subjects", "maxTtl", "jwks", "jwksUri"]) is not { } fields) return null;
        var domain = DomainOf(fields);
        var issuer = IssuerOf(fields);
        var audience = AudienceOf(fields);
        var subjects = SubjectsOf(fields, domain, errors);
        var seconds = IssuerObject.UsualTtl;
        if (fields.Text("maxTtl", 64) is { } ttl && (!Durations.TryParse(ttl, out seconds) || seconds is < IssuerObject.LeastTtl or > IssuerObject.MostTtl))
            fields.Error("maxTtl", FieldErrorCode.BadValue, $"spec.maxTtl must be between 1m and 24h: {Durations.Rule}.");
        var keys = KeysOf(fields, errors);
        var keysUri = KeysUriOf(fields, issuer);
        return name is null || audience is null || errors.Any ? null : new Document.Issuer(new IssuerObject
        {
            Name = new IssuerName(name),
            Issuer = issuer,
            TrustDomain = domain,
            Audience = audience,
            Subjects = subjects,
            MaxTtlSeconds = seconds,
            Keys = keys,
            KeysUri = keysUri,
        });
    }

    private static string? IssuerOf(ObjectFields fields)
    {
        if (fields.Text("issuer", IssuerUrl.MostLength, required: !fields.Has("trustDomain")) is not { } text) return null;
        if (text.StartsWith("spiffe:", StringComparison.OrdinalIgnoreCase))
            fields.Error("issuer", FieldErrorCode.BadValue, "spec.issuer is the iss of the tokens, which is no SPIFFE ID. Write the trust domain as spec.trustDomain.");
        else if (!IssuerUrl.IsAcceptable(text)) fields.Error("issuer", FieldErrorCode.BadValue, $"spec.issuer must be {IssuerUrl.Rule}.");
        else return text;
        return null;
    }

    private static string? DomainOf(ObjectFields fields)
    {
        if (fields.Text("trustDomain", 1024) is not { } text) return null;
        if (text.Length is > 0 and <= 255 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_')) return text;
        fields.Error("trustDomain", FieldErrorCode.BadValue, $"spec.trustDomain must be {DomainRule}.");
        return null;
    }

    private static string? AudienceOf(ObjectFields fields)
    {
        if (fields.Text("audience", MostAudience, required: true) is not { } text) return null;
        if (text.All(c => c is >= '!' and <= '~')) return text;
        fields.Error("audience", FieldErrorCode.BadValue, "spec.audience must be 1 to 512 printable ASCII characters without spaces.");
        return null;
    }

    private static ImmutableArray<SubjectPattern> SubjectsOf(ObjectFields fields, string? domain, FieldErrors errors)
    {
        if (fields.IsEmptyList("subjects")) fields.Error("subjects", FieldErrorCode.Missing, "spec.subjects must not be empty: whom of all that the issuer knows it is trusted for.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var texts = fields.List("subjects", IssuerObject.MostSubjects, (item, at) =>
        {
            if (item.ValueKind != JsonValueKind.String) errors.Add(at, FieldErrorCode.WrongType, $"{at} must be a text.");
            else if (item.GetString()! is var text && !SubjectPattern.IsValid(text)) errors.Add(at, FieldErrorCode.BadValue, $"{at} must be {SubjectPattern.Rule}.");
            else if (domain is not null && !text.StartsWith(IssuerObject.SpiffePrefixOf(domain), StringComparison.Ordinal))
                errors.Add(at, FieldErrorCode.BadValue, $"{at} must start with {IssuerObject.SpiffePrefixOf(domain)}, since there is spec.trustDomain.");
            else if (!seen.Add(text)) errors.Add(at, FieldErrorCode.Duplicate, $"{at} is given twice: {text}.");
            else return text;
            return null;
        }, required: true);
        return [.. texts.Select(text => new SubjectPattern(text))];
    }

    private static ImmutableArray<string> KeysOf(ObjectFields fields, FieldErrors errors)
    {
        if (fields.Value("jwks", required: false, JsonValueKind.Object) is not { } set
            || ObjectFields.Open(set, "spec.jwks", errors, ["keys"]) is not { } members) return [];
        if (fields.Has("jwksUri")) fields.Error("jwksUri", FieldErrorCode.BadValue, "spec.jwksUri cannot be there beside spec.jwks: keys are given or fetched.");
        var keys = PublicKeyReader.Read(members, IssuerObject.MostKeys, errors);
        if (!members.Has("keys") || members.IsEmptyList("keys")) members.Error("keys", FieldErrorCode.Missing, "spec.jwks.keys is required, with at least one key.");
        return keys;
    }

    private static string? KeysUriOf(ObjectFields fields, string? issuer)
    {
        if (fields.Text("jwksUri", DocumentLimits.Url) is { } text)
        {
            if (IssuerUrl.IsKeysAddress(text)) return text;
            fields.Error("jwksUri", FieldErrorCode.BadValue, $"spec.jwksUri must be {IssuerUrl.KeysRule}.");
        }
        else if (issuer is null && !fields.Has("issuer") && !fields.Has("jwks"))
            fields.Error("jwks", FieldErrorCode.Missing, "spec.jwks or spec.jwksUri is required where there is no spec.issuer, whose metadata would name its keys.");
        return null;
    }
}

using System.Collections.Immutable;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry.Files;

/// <summary><c>federation</c>: whom foreign issuers know somebody of ours as.</summary>
internal static class FederationReader
{
    public static ImmutableArray<FederatedSubject> Read(ObjectFields spec, FieldErrors errors)
    {
        var seen = new HashSet<FederatedSubject>();
        return spec.List("federation", FederatedSubject.Most, (item, at) =>
        {
            if (ObjectFields.Open(item, at, errors, ["issuer", "subject"]) is not { } fields) return null;
            var issuer = fields.Text("issuer", 1024, required: true);
            if (issuer is not null && !ObjectName.IsValid(issuer))
            {
                fields.Error("issuer", FieldErrorCode.BadName, $"{at}.issuer is the name of an object of kind Issuer: {ObjectName.Rule}.");
                issuer = null;
            }
            var subject = PatternOf(fields, at);
            if (issuer is null || subject is null) return null;
            var found = new FederatedSubject(new IssuerName(issuer), subject.Value);
            if (seen.Add(found)) return found;
            errors.Add(at, FieldErrorCode.Duplicate, $"{at} is given twice.");
            return null;
        });
    }

    private static SubjectPattern? PatternOf(ObjectFields fields, string at)
    {
        if (fields.Text("subject", SubjectPattern.MostLength, required: true) is not { } text) return null;
        if (SubjectPattern.IsValid(text)) return new SubjectPattern(text);
        fields.Error("subject", FieldErrorCode.BadValue, $"{at}.subject must be {SubjectPattern.Rule}.");
        return null;
    }
}

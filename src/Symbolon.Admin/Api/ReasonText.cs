using Microsoft.AspNetCore.Http;
using Symbolon.Core.Changes;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Admin.Api;

/// <summary>Reasons and notes: any text that can be stored, up to a length.</summary>
internal static class ReasonText
{
    public static IResult? Refuse(string? text, string field = "reason") => text is { Length: > DocumentLimits.Reason }
        ? Answers.Problem(ChangeError.Invalid(field, FieldErrorCode.TooLong, $"{field} may have at most {DocumentLimits.Reason} characters; it has {text.Length}."))
        : null;
}

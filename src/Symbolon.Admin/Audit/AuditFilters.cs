using System.Globalization;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Admin.Audit;

/// <summary>Filters of the audit in a query.</summary>
internal static class AuditFilters
{
    public static readonly string[] Parameters = ["kind", "user", "agent", "workflow", "server", "tool", "token", "code", "call", "from", "to"];

    public static (AuditQuery? Query, IResult? Refusal) Read(HttpContext context)
    {
        var given = context.Request.Query;
        if (given["kind"] is [var kind] && !AuditTexts.TryParse(kind, out _))
            return (null, NotOnTheList("kind", $"kind must be one of {string.Join(", ", AuditTexts.AllKinds)}."));
        if (given["code"] is [var code] && !ReasonCodes.TryParse(code, out _))
            return (null, NotOnTheList("code", $"code must be one of {string.Join(", ", ReasonCodes.AllTexts)}."));
        Guid? call = null;
        if (given["call"] is [{ } callText])
        {
            if (!Guid.TryParse(callText, out var id)) return (null, Answers.Malformed("call must be a UUID."));
            call = id;
        }
        if (!TryTime(given["from"], out var from)) return (null, Answers.Malformed(TimeRule("from")));
        if (!TryTime(given["to"], out var to)) return (null, Answers.Malformed(TimeRule("to")));
        return (new AuditQuery
        {
            Kind = given["kind"],
            User = given["user"],
            Agent = given["agent"],
            Workflow = given["workflow"],
            Server = given["server"],
            Tool = given["tool"],
            Token = given["token"],
            Code = given["code"],
            Call = call,
            From = from,
            To = to,
        }, null);
    }

    /// <summary>A word that is on no list finds nothing, which would read as: it never happened.</summary>
    private static IResult NotOnTheList(string parameter, string rule) =>
        Answers.Malformed(rule, [new FieldErrorResponse(parameter, FieldErrorCode.BadValue, rule)]);

    private static string TimeRule(string name) => $"{name} must be a time as 2027-03-31T12:00:00Z, a day as 2027-03-31 (its start, UTC), or microseconds since 1970.";

    private static bool TryTime(string? text, out long? microseconds)
    {
        microseconds = null;
        if (text is null) return true;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            microseconds = number;
            return true;
        }
        string[] forms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        if (!DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return false;
        microseconds = UnixTime.ToMicroseconds(time);
        return true;
    }
}

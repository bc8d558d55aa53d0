using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Admin.Audit;

/// <summary>Filters of the audit in a query.</summary>
internal static class AuditFilters
{
    public static readonly string[] Parameters = ["kind", "user", "agent", "workflow", "server", "tool", "token", "code", "call", "decision", "from", "to"];

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
        if (!QueryTime.TryRead(given["from"], out var from)) return (null, Answers.Malformed(QueryTime.Rule("from")));
        if (!QueryTime.TryRead(given["to"], out var to)) return (null, Answers.Malformed(QueryTime.Rule("to")));
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

    /// <summary>What is picked from what the query finds; null for all of it.</summary>
    public static (string? Decision, IResult? Refusal) ReadDecision(HttpContext context) =>
        context.Request.Query["decision"] is not [var decision] ? (null, null)
        : AuditDecision.All.Contains(decision) ? (decision, null)
        : (null, NotOnTheList("decision", $"decision must be one of {string.Join(", ", AuditDecision.All)}."));

    /// <summary>A word that is on no list finds nothing, which would read as: it never happened.</summary>
    private static IResult NotOnTheList(string parameter, string rule) =>
        Answers.Malformed(rule, [new FieldErrorResponse(parameter, FieldErrorCode.BadValue, rule)]);
}

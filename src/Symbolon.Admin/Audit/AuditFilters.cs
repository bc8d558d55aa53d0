using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Audit;

/// <summary>Filters of the audit in a query.</summary>
internal static class AuditFilters
{
    public static readonly string[] Parameters = ["kind", "user", "agent", "workflow", "server", "tool", "token", "code", "call", "decision", "from", "to"];

    /// <returns>What the store looks for, and what is picked from what it finds (null for all of it); or the answer that refuses it.</returns>
    public static (AuditQuery? Query, string? Decision, IResult? Refusal) Read(HttpContext context)
    {
        var given = new QueryReader(context);
        var query = new AuditQuery
        {
            Kind = given.OneOf("kind", AuditTexts.AllKinds),
            User = given.Text("user"),
            Agent = given.Text("agent"),
            Workflow = given.Text("workflow"),
            Server = given.Text("server"),
            Tool = given.Text("tool"),
            Token = given.Text("token"),
            Code = given.OneOf("code", ReasonCodes.AllTexts),
            Call = given.Id("call"),
            From = given.Time("from"),
            To = given.Time("to"),
        };
        var decision = given.OneOf("decision", AuditDecision.All);
        return given.Refusal is { } refusal ? (null, null, refusal) : (query, decision, null);
    }
}

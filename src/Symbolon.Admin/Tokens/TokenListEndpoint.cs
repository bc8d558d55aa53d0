using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Tokens;

/// <summary><c>GET /tokens</c>: the filters of a query, and one page of what they leave.</summary>
internal static class TokenListEndpoint
{
    public static readonly string[] Parameters = ["user", "agent", "workflow", "server", "kind", "q", "state", "expiresBefore", "order", "reverse"];

    public static async Task<IResult> GetAsync(HttpContext context, TokenReads tokens)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var (filter, refused) = Read(context);
        if (filter is null) return refused!;
        TokenMark? after = null;
        if (page.After is { } cursor)
        {
            if (!filter.TryMark(cursor, out var mark)) return Answers.Malformed("after must be taken from the Link of the page before, in the same order.");
            after = mark;
        }
        var found = await tokens.ListAsync(context.Requester().Organisation, filter, after, page.Limit, context.RequestAborted);
        if (found.Next is { } next) Page.LinkTo(context, "next", next);
        return Answers.Json(context, found.Tokens.ToArray());
    }

    private static (TokenFilter? Filter, IResult? Refusal) Read(HttpContext context)
    {
        var given = context.Request.Query;
        if (given["kind"] is [{ } kind] && !TokenFilter.Kinds.Contains(kind)) return (null, OneOf("kind", TokenFilter.Kinds));
        if (given["state"] is [{ } state] && !TokenFilter.States.Contains(state)) return (null, OneOf("state", TokenFilter.States));
        if (given["order"] is [{ } order] && !TokenFilter.Orders.Contains(order)) return (null, OneOf("order", TokenFilter.Orders));
        if (given["reverse"] is [not ("true" or "false")]) return (null, Answers.Malformed("reverse must be true or false."));
        if (!QueryTime.TryRead(given["expiresBefore"], out var before)) return (null, Answers.Malformed(QueryTime.Rule("expiresBefore")));
        return (new TokenFilter
        {
            User = given["user"],
            Agent = given["agent"],
            Workflow = given["workflow"],
            Server = given["server"],
            Kind = given["kind"],
            Text = given["q"],
            State = given["state"],
            ExpiresBefore = before,
            Order = given["order"] is [{ } by] ? by : "id",
            Reverse = given["reverse"] is ["true"],
        }, null);
    }

    private static IResult OneOf(string name, IEnumerable<string> values) => Answers.Malformed($"{name} must be one of {string.Join(", ", values)}.");
}

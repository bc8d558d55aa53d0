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
        var given = new QueryReader(context);
        var filter = new TokenFilter
        {
            User = given.Text("user"),
            Agent = given.Text("agent"),
            Workflow = given.Text("workflow"),
            Server = given.Text("server"),
            Kind = given.OneOf("kind", TokenFilter.Kinds),
            Text = given.Text("q"),
            State = given.OneOf("state", TokenFilter.States),
            ExpiresBefore = given.Time("expiresBefore"),
            Order = given.OneOf("order", TokenFilter.Orders) ?? "id",
            Reverse = given.Flag("reverse"),
        };
        return given.Refusal is { } refusal ? (null, refusal) : (filter, null);
    }
}

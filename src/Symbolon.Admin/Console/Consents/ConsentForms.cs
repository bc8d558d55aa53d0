using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Admin.Authorizations;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Revocations;
using Symbolon.AuthorizationServer.Families;
using Symbolon.AuthorizationServer.Revocation;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.Consents;

/// <summary>What people let clients call, as the pages of a person and of a client show and end it: by the same class as the API.</summary>
internal sealed class ConsentForms(AuthorizationDesk desk, IAntiforgery forms)
{
    private const int AtOnce = 25;

    /// <param name="after">Where the page begins; null, and what is no such place, for the first.</param>
    /// <returns>What lives; and where the rest begins, null for nowhere.</returns>
    public async Task<(IReadOnlyList<AuthorizationResponse> Found, string? Next)> ReadAsync(OrganisationId organisation, AuthorizationQuery query, string? after, CancellationToken cancellation)
    {
        var mark = after is not null && AuthorizationMark.TryParse(after, out var sought) ? sought : (AuthorizationMark?)null;
        var (found, next) = await desk.ListAsync(organisation, query, isLive: true, mark, AtOnce, cancellation);
        return ([.. found.Select(each => AuthorizationEndpoints.Shown(each, isLive: true))], next?.ToString());
    }

    /// <param name="whose">The person, or the client, whose page it is.</param>
    /// <param name="id">One of them; null for all.</param>
    /// <param name="back">The page.</param>
    public async Task<IResult> EndAsync(HttpContext http, AuthorizationQuery whose, string? id, string back)
    {
        var who = http.Requester();
        Result<RevokedAll> done;
        if (id is null) done = await desk.EndAsync(who, whose, reason: null, CancellationToken.None);
        else if (await desk.FindAsync(who.Organisation, new AuthorizationId(id), http.RequestAborted) is { } found && (whose.User is null || found.Holder.User == whose.User) && (whose.Client is null || found.Client == whose.Client))
            done = await desk.EndAsync(who, [found], reason: null);
        else return ConsolePages.Missing(http, forms, "such authorization here", (back, "Back"));
        return ConsolePages.Done(http, back, NoticeOf(done));
    }

    private static Notice NoticeOf(Result<RevokedAll> done) => done switch
    {
        Result<RevokedAll>.Done { Value: { Count: 0 } } => new Notice("Nothing was left to end", "It was over already."),
        Result<RevokedAll>.Done { Value: var ended } => new Notice(ended.Count == 1 ? "1 authorization ended" : $"{ended.Count} authorizations ended", WordsOf(ended)) { IsRefusal = ended.UnconfirmedNodes.Count > 0 },
        Result<RevokedAll>.Refused { Why: var why } => new Notice("It is not durable yet", why.Message) { IsRefusal = true },
        _ => throw new InvalidOperationException(),
    };

    public static string WordsOf(RevokedAll ended) => RevocationResponse.WordsOf(ended.UnconfirmedNodes, ended.Nodes, (long)ended.Took.TotalMilliseconds);
}

using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Consents;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Revocations;
using Symbolon.AuthorizationServer.CommandLine;
using Symbolon.AuthorizationServer.Families;
using Symbolon.AuthorizationServer.Revocation;
using Symbolon.Core.Accounts;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.MyAccess;

/// <summary>What is one's own: for everybody who is signed in. The person is always the session's, never one that the request names.</summary>
internal static class MyAccessEndpoints
{
    private const string Reason = "Ended by its holder";

    public static void MapMyAccess(this RouteGroupBuilder pages)
    {
        pages.MapGet(Navigation.MyAccess, ShowAsync).WithMetadata(new RouteAccess.Person("Shows the grants and tokens that name the person."));
        pages.MapPost(Navigation.MyAccess + "/tokens/{id}/end", EndTokenAsync).WithMetadata(new RouteAccess.Person("Ends a token that names the person."));
        pages.MapPost(Navigation.MyAccess + "/authorizations/{id}/end", EndAuthorizationAsync).WithMetadata(new RouteAccess.Person("Ends what the person let a client call."));
        pages.MapPost(Navigation.MyAccess + "/command-lines/{id}/end", EndCommandLineAsync).WithMetadata(new RouteAccess.Person("Ends a command line that acts for the person."));
    }

    private static Task<IResult> ShowAsync(HttpContext http, IAntiforgery forms, MyAccessReader reader, string? grants, string? tokens, string? clients) => PageAsync(http, forms, reader, grants, tokens, clients);

    private static async Task<IResult> EndTokenAsync(string id, HttpContext http, IAntiforgery forms, MyAccessReader reader, ITokenStore tokens, Revoker revoker)
    {
        if (PersonOf(http) is not { } person) return NoPerson(http, forms);
        // Somebody else's is as one that there is not.
        if (!TokenId.IsValid(id) || await tokens.FindAsync(http.Requester().Organisation, new TokenId(id), http.RequestAborted) is not { } token || token.Holder.User != person)
            return ConsolePages.Missing(http, forms, "such token of yours", (Navigation.MyAccess, "My access"));
        return await EndAsync(http, forms, reader, revoker, new RevocationOrder(RevocationLevel.Token, id, Reason), "Token ended");
    }

    private static async Task<IResult> EndAuthorizationAsync(string id, HttpContext http, IAntiforgery forms, MyAccessReader reader, AuthorizationDesk desk)
    {
        if (PersonOf(http) is not { } person) return NoPerson(http, forms);
        if (await desk.FindAsync(http.Requester().Organisation, new AuthorizationId(id), http.RequestAborted) is not { } found || found.Holder.User != person)
            return ConsolePages.Missing(http, forms, "such client of yours", (Navigation.MyAccess, "My access"));
        // A client may have been let in several times, each time with other tools: all that are alike end.
        var alike = new AuthorizationQuery { User = person, Client = found.Client, Server = found.Access.Server };
        return await desk.EndAsync(http.Requester(), alike, Reason, CancellationToken.None) switch
        {
            Result<RevokedAll>.Done { Value: var done } => ConsolePages.Done(http, Navigation.MyAccess,
                new Notice($"{found.ClientName} may call nothing of {found.Access.Server} any more", ConsentForms.WordsOf(done)) { IsRefusal = done.UnconfirmedNodes.Count > 0 }),
            Result<RevokedAll>.Refused { Why: var why } => await PageAsync(http, forms, reader, null, null, null, new FormFault("end", null, why.Message), Answers.StatusOf(why.Kind)),
            _ => throw new InvalidOperationException(),
        };
    }

    private static async Task<IResult> EndAsync(HttpContext http, IAntiforgery forms, MyAccessReader reader, Revoker revoker, RevocationOrder order, string said) =>
        await revoker.RevokeAsync(http.Requester(), order, http.RequestAborted) switch
        {
            Result<Revoked>.Done { Value: var done } => ConsolePages.Done(http, Navigation.MyAccess, new Notice(said, RevocationEndpoints.Of(done).ToWords()) { IsRefusal = done.UnconfirmedNodes.Count > 0 }),
            Result<Revoked>.Refused { Why: var why } => await PageAsync(http, forms, reader, null, null, null, new FormFault("end", null, why.Message), Answers.StatusOf(why.Kind)),
            _ => throw new InvalidOperationException(),
        };

    private static async Task<IResult> EndCommandLineAsync(string id, HttpContext http, IAntiforgery forms, AdminLogins logins)
    {
        if (PersonOf(http) is not { } person) return NoPerson(http, forms);
        return AdminTokenId.IsValid(id) && await logins.EndAsync(http.Requester(), new AdminTokenId(id), person, null, http.RequestAborted)
            ? ConsolePages.Done(http, Navigation.MyAccess, new Notice("Command line ended", "Its token is refused from now on."))
            : ConsolePages.Missing(http, forms, "such command line of yours", (Navigation.MyAccess, "My access"));
    }

    private static async Task<IResult> PageAsync(
        HttpContext http, IAntiforgery forms, MyAccessReader reader, string? grants, string? tokens, string? clients, FormFault? fault = null, int status = StatusCodes.Status200OK) =>
        PersonOf(http) is { } person
            ? ConsolePages.Page<MyAccessPage>(http, forms, new() { ["Model"] = await reader.ReadAsync(http.Requester().Organisation, person, grants, tokens, clients, http.RequestAborted), ["Fault"] = fault }, status)
            : NoPerson(http, forms);

    private static UserEmail? PersonOf(HttpContext http) => http.Features.Get<ConsoleSession>()?.Person?.Email;

    private static IResult NoPerson(HttpContext http, IAntiforgery forms) => ConsolePages.Page<PlainPage>(http, forms, new()
    {
        ["Title"] = "My access",
        ["Text"] = "You came with the admin token, which is no person and has no access of its own. Sign in with an account to see what you may call.",
    });
}

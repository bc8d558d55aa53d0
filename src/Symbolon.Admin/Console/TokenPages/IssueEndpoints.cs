using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.AuthorizationServer.PastedTokens;
using Symbolon.Core.Changes;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>
/// Issuing in two steps: who, in the address; then what and until when, in one form. The first POST of an order shows it as a sentence,
/// and only an order that was shown is carried out, exactly as the admin API does.
/// </summary>
internal static class IssueEndpoints
{
    private const string Path = "/tokens/issue";

    public static void MapTokenIssue(this RouteGroupBuilder pages)
    {
        pages.MapGet(Path, Show).WithMetadata(new RouteAccess.Administrator("tokens:write"));
        pages.MapPost(Path, IssueAsync).WithMetadata(new RouteAccess.Administrator("tokens:write"));
    }

    private static IResult Show(HttpContext http, IAntiforgery forms, IssueDesk desk)
    {
        var query = http.Request.Query;
        var form = IssueForm.Read(query);
        var organisation = http.Requester().Organisation;
        var faults = query.ContainsKey("kind") ? desk.WhoFaults(organisation, form) : Faults.None;
        if (faults.Any || form.NamesNobody || query["step"] == "who") return desk.Who(http, forms, form, faults);
        // A link from elsewhere proposes; only a page of ours can begin an order that the next click carries out.
        var view = http.Request.Headers["Sec-Fetch-Site"] is [not "same-origin"] ? desk.Propose(organisation, form) : desk.Begin(organisation, form);
        return ConsolePages.Page<IssuePage>(http, forms, new() { ["View"] = view, ["Now"] = desk.Now });
    }

    private static async Task<IResult> IssueAsync(HttpContext http, IAntiforgery forms, IssueDesk desk, OneTimeForms once, TokenIssuer issuer, IssuedPages issued)
    {
        var form = IssueForm.Read(await http.Request.ReadFormAsync(http.RequestAborted));
        if (!OneTimeForms.IsId(form.Once)) return ConsolePages.NotWhole(http, forms);
        var session = http.Features.Get<ConsoleSession>()!;
        // Before anything is looked at: what the form made the first time is in its own way now.
        if (await once.BeginAsync(session, form.Once, http.RequestAborted) is { } made) return IssuedPages.Again(http, made);
        string? path = null;
        try
        {
            var requester = http.Requester();
            var view = desk.Review(requester.Organisation, form);
            // What was shown and cannot be issued any more is refused by the issuer, on record.
            if (view.Order is null || !view.IsReviewed) return Page(view);
            switch (await issuer.IssueAsync(requester, view.Order, http.RequestAborted))
            {
                case Result<IssuedToken>.Done { Value: var token }:
                    path = $"/tokens/{token.Token.Id}";
                    return await issued.ShowAsync(http, forms, token, isRotated: false);
                case Result<IssuedToken>.Refused { Why: var why }:
                    return Page(view with { Faults = Faults.Of(why), Summary = null });
                default: throw new InvalidOperationException();
            }
        }
        finally
        {
            await once.EndAsync(session, form.Once, path);
        }

        IResult Page(IssueView view) => ConsolePages.Page<IssuePage>(
            http, forms, new() { ["View"] = view, ["Now"] = desk.Now }, view.Faults.Any ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }
}

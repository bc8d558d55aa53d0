using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Revocations;
using Symbolon.AuthorizationServer.PastedTokens;
using Symbolon.AuthorizationServer.Revocation;
using Symbolon.Core.Changes;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Revocation;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>What the page of one token can do, by the same parts as the API.</summary>
internal static class TokenForms
{
    public static async Task<IResult> RotateAsync(string id, HttpContext http, IAntiforgery forms, TokenPageReader pages, TokenRotator rotator, OneTimeForms once, IssuedPages issued)
    {
        if (!TokenId.IsValid(id)) return TokenPageEndpoints.Missing(http, forms);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form["once"] is not [{ } key] || !OneTimeForms.IsId(key)) return ConsolePages.NotWhole(http, forms);
        var (reason, fault) = ReasonOf(form, "rotate");
        if (fault is not null) return await AgainAsync(http, forms, pages, id, fault, StatusCodes.Status422UnprocessableEntity);

        var session = http.Features.Get<ConsoleSession>()!;
        if (await once.BeginAsync(session, key, http.RequestAborted) is { } made) return IssuedPages.Again(http, made);
        string? path = null;
        try
        {
            switch (await rotator.RotateAsync(http.Requester(), new TokenId(id), reason, http.RequestAborted))
            {
                case Result<IssuedToken>.Done { Value: var rotated }:
                    path = $"/tokens/{id}";
                    return await issued.ShowAsync(http, forms, rotated, isRotated: true);
                case Result<IssuedToken>.Refused { Why: var why }:
                    return await AgainAsync(http, forms, pages, id, new FormFault("rotate", null, why.Message), Answers.StatusOf(why.Kind));
                default: throw new InvalidOperationException();
            }
        }
        finally
        {
            await once.EndAsync(session, key, path);
        }
    }

    public static async Task<IResult> RevokeAsync(string id, HttpContext http, IAntiforgery forms, TokenPageReader pages, Revoker revoker)
    {
        if (!TokenId.IsValid(id)) return TokenPageEndpoints.Missing(http, forms);
        var (reason, fault) = ReasonOf(await http.Request.ReadFormAsync(http.RequestAborted), "revoke");
        if (fault is not null) return await AgainAsync(http, forms, pages, id, fault, StatusCodes.Status422UnprocessableEntity);
        return await revoker.RevokeAsync(http.Requester(), new RevocationOrder(RevocationLevel.Token, id, reason), http.RequestAborted) switch
        {
            Result<Revoked>.Done { Value: var done } => ConsolePages.Done(http, $"/tokens/{id}", Said(RevocationEndpoints.Of(done))),
            Result<Revoked>.Refused { Why: var why } => await AgainAsync(http, forms, pages, id, new FormFault("revoke", null, why.Message), Answers.StatusOf(why.Kind)),
            _ => throw new InvalidOperationException(),
        };
    }

    private static Notice Said(RevocationResponse revoked) =>
        new(revoked.LiveTokens == 0 ? "It was dead already" : "Token revoked", revoked.ToWords()) { IsRefusal = revoked.UnconfirmedNodes.Count > 0 };

    private static (string? Reason, FormFault? Fault) ReasonOf(IFormCollection form, string action) => form["reason"].ToString().Trim() switch
    {
        { Length: 0 } => (null, null),
        { Length: > DocumentLimits.Reason } text => (null, new FormFault(action, "reason", $"A reason may have at most {DocumentLimits.Reason} characters; this has {text.Length}.")),
        var text => (text, null),
    };

    private static async Task<IResult> AgainAsync(HttpContext http, IAntiforgery forms, TokenPageReader pages, string id, FormFault fault, int status) =>
        await pages.ReadAsync(http.Requester().Organisation, id, http.RequestAborted) is { } view
            ? ConsolePages.Page<TokenPage>(http, forms, new() { ["View"] = view, ["Fault"] = fault }, status)
            : TokenPageEndpoints.Missing(http, forms);
}

using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Registry.Credentials;

namespace Symbolon.Admin.Console.ServerPages;

/// <summary>What the Credential view of a server can do with the keys of its instances, by the same desk as the API.</summary>
internal static class ServerKeyForms
{
    public static Task<IResult> RotateAsync(string name, HttpContext http, IAntiforgery forms, ServerPageReader pages, EnrolmentDesk keys) =>
        DoAsync(http, forms, pages, name, "rotate", reason => keys.RotateAsync(http.Requester(), new ServerName(name), instance: null, reason, http.RequestAborted),
            _ => new Notice($"The instances of {name} replace their keys", "Each hears of it with its next token; calls go on meanwhile."));

    public static Task<IResult> RevokeAsync(string name, string thumbprint, HttpContext http, IAntiforgery forms, ServerPageReader pages, EnrolmentDesk keys) =>
        DoAsync(http, forms, pages, name, thumbprint, reason => keys.RevokeAsync(http.Requester(), new ServerName(name), thumbprint, reason, http.RequestAborted),
            ended => new Notice($"The key of instance {ended.Name} is revoked", "What it has got is refused, and it gets nothing more."));

    /// <param name="action">Of the form, in which a fault is shown.</param>
    private static async Task<IResult> DoAsync<T>(
        HttpContext http, IAntiforgery forms, ServerPageReader pages, string name, string action, Func<string?, Task<Result<T>>> step, Func<T, Notice> said)
    {
        if (!ServerName.IsValid(name)) return ServerPageEndpoints.Missing(http, forms);
        var reason = (await http.Request.ReadFormAsync(http.RequestAborted))["reason"].ToString().Trim();
        if (StepForm.FaultOf(action, reason) is { } fault) return await AgainAsync(fault, StatusCodes.Status422UnprocessableEntity);
        return await step(reason.Length == 0 ? null : reason) switch
        {
            Result<T>.Done done => ConsolePages.Done(http, Addresses.Of(ServerPageModel.PathOf(name), ("view", ServerPageModel.CredentialView)), said(done.Value)),
            Result<T>.Refused { Why: var why } => await AgainAsync(new FormFault(action, null, why.Message), Answers.StatusOf(why.Kind)),
            _ => throw new InvalidOperationException(),
        };

        Task<IResult> AgainAsync(FormFault fault, int status) => ServerForms.AgainAsync(http, forms, pages, name, fault, status, ServerPageModel.CredentialView);
    }
}

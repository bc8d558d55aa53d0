using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Registry.Servers;

namespace Symbolon.Admin.Console.ServerPages;

/// <summary>What the server's page can do, by the same lifecycle as the API.</summary>
internal static class ServerForms
{
    private delegate Task<Result<VersionedServer>> Step(StepForm form);

    public static async Task<IResult> ApproveAsync(string name, HttpContext http, IAntiforgery forms, ServerPageReader pages, ManifestReviews reviews)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var isNumber = int.TryParse(form["number"], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return await DoAsync(http, forms, pages, name, "approve", typed: false,
            step => reviews.ApproveAsync(http.Requester(), new ServerName(name), isNumber ? number : 0, form["inside"] == "true", step.Reason, step.Expected, http.RequestAborted),
            done => new Notice($"Version {done.Server.Approved!.Number} of {name} serves", done.Server.Approved.SelfApproved ? "You approved what you applied yourself; it is recorded as such." : null));
    }

    public static Task<IResult> SuspendAsync(string name, HttpContext http, IAntiforgery forms, ServerPageReader pages, ServerLifecycle lifecycle) =>
        DoAsync(http, forms, pages, name, "suspend", typed: true,
            step => lifecycle.SuspendAsync(http.Requester(), new ServerName(name), step.Reason, step.Expected, http.RequestAborted),
            _ => new Notice($"{name} is suspended", "Every call to it is refused. Resume it on this page."));

    public static Task<IResult> ResumeAsync(string name, HttpContext http, IAntiforgery forms, ServerPageReader pages, ServerLifecycle lifecycle) =>
        DoAsync(http, forms, pages, name, "resume", typed: false,
            step => lifecycle.ResumeAsync(http.Requester(), new ServerName(name), step.Reason, step.Expected, http.RequestAborted),
            _ => new Notice($"{name} serves again"));

    public static Task<IResult> RetireAsync(string name, HttpContext http, IAntiforgery forms, ServerPageReader pages, ServerLifecycle lifecycle) =>
        DoAsync(http, forms, pages, name, "retire", typed: true,
            step => lifecycle.RetireAsync(http.Requester(), new ServerName(name), step.Reason, step.Expected, http.RequestAborted),
            _ => new Notice($"{name} is retired for good", "Its sealed secrets are destroyed; its history stays."));

    private static async Task<IResult> DoAsync(
        HttpContext http, IAntiforgery forms, ServerPageReader pages, string name, string action, bool typed, Step step, Func<VersionedServer, Notice> said)
    {
        if (!ServerName.IsValid(name)) return ServerPageEndpoints.Missing(http, forms);
        var (form, fault) = await StepForm.ReadAsync(http, action, typed ? name : null);
        if (form is null) return await AgainAsync(http, forms, pages, name, fault!, StatusCodes.Status422UnprocessableEntity);
        return await step(form) switch
        {
            Result<VersionedServer>.Done done => ConsolePages.Done(http, $"/servers/{name}", said(done.Value)),
            Result<VersionedServer>.Refused { Why: var why } => await AgainAsync(http, forms, pages, name, form.Refused(name, why), Answers.StatusOf(why.Kind)),
            _ => throw new InvalidOperationException(),
        };
    }

    /// <summary>The page once more, with what is wrong in the form.</summary>
    /// <param name="view">On which the form stands; null for the first one.</param>
    internal static async Task<IResult> AgainAsync(HttpContext http, IAntiforgery forms, ServerPageReader pages, string name, FormFault fault, int status, string? view = null) =>
        await pages.ReadAsync(http.Requester().Organisation, name, new ServerPageQuery(view), http.RequestAborted) is { } model
            ? ConsolePages.Page<ServerPage>(http, forms, new() { ["Model"] = model, ["Fault"] = fault }, status)
            : ServerPageEndpoints.Missing(http, forms);
}

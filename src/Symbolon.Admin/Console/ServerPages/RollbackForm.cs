using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.ReviewPages;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Registry.Apply;
using Symbolon.Registry.Changes;

namespace Symbolon.Admin.Console.ServerPages;

/// <summary>Takes a server back to what one of its versions said, by the same way as the API.</summary>
internal static class RollbackForm
{
    private const string Action = "rollback";

    public static async Task<IResult> SendAsync(string name, HttpContext http, IAntiforgery forms, ServerPageReader pages, Rollback rollback)
    {
        if (!ServerName.IsValid(name)) return ServerPageEndpoints.Missing(http, forms);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var isNumber = long.TryParse(form["to"], NumberStyles.None, CultureInfo.InvariantCulture, out var version);
        var reason = form["reason"].ToString().Trim();
        var fault = isNumber ? StepForm.FaultOf(Action, reason) : new FormFault(Action, null, "The form does not say which version. Load the page again.");
        if (fault is not null) return await AgainAsync(StatusCodes.Status422UnprocessableEntity);
        switch (await rollback.ToAsync(http.Requester(), new ObjectKey(ObjectKind.Server, name), version, reason.Length == 0 ? null : reason, http.RequestAborted))
        {
            case Result<AppliedDocument>.Done { Value: { Review: { } review } applied }:
                return ConsolePages.Done(http, ReviewWords.PathOf(review.ToString()), new Notice($"Version {applied.Version} waits for review", "It is not inside what was approved, so somebody decides first."));
            case Result<AppliedDocument>.Done { Value: { Action: ApplyAction.Unchanged } }:
                return ConsolePages.Done(http, Back(name), new Notice("Nothing was changed", $"{name} says already what it said then."));
            case Result<AppliedDocument>.Done { Value: var applied }:
                return ConsolePages.Done(http, Back(name), new Notice($"Version {applied.Live ?? applied.Version} of {name} serves", $"It says what version {version} of the history said."));
            case Result<AppliedDocument>.Refused { Why: var why }:
                fault = new FormFault(Action, null, why.Message);
                return await AgainAsync(Answers.StatusOf(why.Kind));
            default: throw new InvalidOperationException();
        }

        async Task<IResult> AgainAsync(int status) =>
            await pages.ReadAsync(http.Requester().Organisation, name, new ServerPageQuery(ServerPageModel.ManifestView, Since: isNumber ? version : null), http.RequestAborted) is { } model
                ? ConsolePages.Page<ServerPage>(http, forms, new() { ["Model"] = model, ["Fault"] = fault }, status)
                : ServerPageEndpoints.Missing(http, forms);
    }

    private static string Back(string name) => Addresses.Of(ServerPageModel.PathOf(name), ("view", ServerPageModel.ManifestView));
}

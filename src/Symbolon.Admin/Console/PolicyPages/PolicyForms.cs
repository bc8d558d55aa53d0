using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Registry.Apply;
using Symbolon.Registry.Changes;

namespace Symbolon.Admin.Console.PolicyPages;

/// <summary>The way back to a version, and the end, by the same classes as the API.</summary>
internal static class PolicyForms
{
    public static async Task<IResult> RollBackAsync(string name, HttpContext http, IAntiforgery forms, PolicyPageReader reader, Rollback rollback)
    {
        const string action = "rollback";
        if (!ObjectName.IsValid(name)) return PolicyPageEndpoints.Missing(http, forms);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var isNumber = long.TryParse(form["to"], NumberStyles.None, CultureInfo.InvariantCulture, out var version);
        var reason = form["reason"].ToString().Trim();
        var fault = isNumber ? StepForm.FaultOf(action, reason) : new FormFault(action, null, "The form does not say which version. Load the page again.");
        if (fault is not null) return await AgainAsync(fault, StatusCodes.Status422UnprocessableEntity);
        return await rollback.ToAsync(http.Requester(), new ObjectKey(ObjectKind.Policy, name), version, reason.Length == 0 ? null : reason, http.RequestAborted) switch
        {
            Result<AppliedDocument>.Done { Value.Action: ApplyAction.Unchanged } => ConsolePages.Done(http, BackTo(name), new Notice("Nothing was changed", $"{name} says already what it said then.")),
            Result<AppliedDocument>.Done => ConsolePages.Done(http, BackTo(name), new Notice($"{name} is back at version {version}", "It decides the next call.")),
            Result<AppliedDocument>.Refused { Why: var why } => await AgainAsync(new FormFault(action, null, why.Message), Answers.StatusOf(why.Kind)),
            _ => throw new InvalidOperationException(),
        };

        Task<IResult> AgainAsync(FormFault wrong, int status) => PolicyPageEndpoints.AgainAsync(http, forms, reader, name, PolicyPageModel.HistoryView, wrong, status, isNumber ? version : null);
    }

    public static async Task<IResult> RetireAsync(string name, HttpContext http, IAntiforgery forms, PolicyPageReader reader, Retirement retirement)
    {
        if (!ObjectName.IsValid(name)) return PolicyPageEndpoints.Missing(http, forms);
        var (form, fault) = await StepForm.ReadAsync(http, "retire", name);
        if (form is null) return await AgainAsync(fault!, StatusCodes.Status422UnprocessableEntity);
        return await retirement.OfPolicyAsync(http.Requester(), new PolicyName(name), form.Reason, form.Expected, http.RequestAborted) switch
        {
            Result<(PolicyObject Item, long Version)>.Done => ConsolePages.Done(http, PolicyPageModel.PathOf(name), new Notice($"{name} is retired for good", "It decides no call any more; its history stays.")),
            Result<(PolicyObject Item, long Version)>.Refused { Why: var why } => await AgainAsync(form.Refused($"Policy {name}", why), Answers.StatusOf(why.Kind)),
            _ => throw new InvalidOperationException(),
        };

        Task<IResult> AgainAsync(FormFault wrong, int status) => PolicyPageEndpoints.AgainAsync(http, forms, reader, name, PolicyPageModel.RulesView, wrong, status);
    }

    private static string BackTo(string name) => Addresses.Of(PolicyPageModel.PathOf(name), ("view", PolicyPageModel.HistoryView));
}

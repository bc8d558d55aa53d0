using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Revocations;
using Symbolon.AuthorizationServer.Revocation;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Identities;

namespace Symbolon.Admin.Console.PeoplePages;

/// <summary>What the page of a person, agent or workflow can do, by the same classes as the API.</summary>
internal sealed class PersonForms(IAntiforgery forms, PersonPageReader pages, IdentityLifecycle lifecycle, Revoker revoker)
{
    private const string Revoke = "revoke";

    public async Task<IResult> MoveAsync(HttpContext http, HolderKind kind, string name, LifecycleStep step)
    {
        if (!ObjectName.IsValid(name)) return PeoplePageEndpoints.Missing(http, forms, kind);
        var (form, fault) = await StepForm.ReadAsync(http, step.Action, step == LifecycleStep.Resume ? null : name);
        if (form is null) return await AgainAsync(http, kind, name, fault!, StatusCodes.Status422UnprocessableEntity);
        var key = new ObjectKey(kind == HolderKind.Agent ? ObjectKind.Agent : ObjectKind.Workflow, name);
        return await lifecycle.MoveAsync(http.Requester(), key, step, form.Reason, form.Expected, http.RequestAborted) switch
        {
            Result<(IdentityObject Item, long Version)>.Done => ConsolePages.Done(http, PersonRow.PathOf(kind, name), Said(name, step)),
            Result<(IdentityObject Item, long Version)>.Refused { Why: var why } => await AgainAsync(http, kind, name, form.Refused(name, why), Answers.StatusOf(why.Kind)),
            _ => throw new InvalidOperationException(),
        };
    }

    /// <summary>Kills all that was issued so far; who is revoked twice loses nothing by it, so no version is compared.</summary>
    public async Task<IResult> RevokeAsync(HttpContext http, HolderKind kind, string asked)
    {
        var name = kind == HolderKind.User && UserEmail.TryParse(asked, out var email) ? email.Value : asked;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (!string.Equals(form["confirm"].ToString().Trim(), name, StringComparison.Ordinal))
            return await AgainAsync(http, kind, name, new FormFault(Revoke, "confirm", $"This is not {name}."), StatusCodes.Status422UnprocessableEntity);
        var reason = form["reason"].ToString().Trim();
        if (StepForm.FaultOf(Revoke, reason) is { } fault) return await AgainAsync(http, kind, name, fault, StatusCodes.Status422UnprocessableEntity);
        var order = new RevocationOrder(LevelOf(kind), name, reason.Length == 0 ? null : reason);
        return await revoker.RevokeAsync(http.Requester(), order, http.RequestAborted) switch
        {
            Result<Revoked>.Done { Value: var revoked } => ConsolePages.Done(http, PersonRow.PathOf(kind, name), Said(name, RevocationEndpoints.Of(revoked))),
            Result<Revoked>.Refused { Why: var why } => await AgainAsync(http, kind, name, new FormFault(Revoke, null, why.Message), Answers.StatusOf(why.Kind)),
            _ => throw new InvalidOperationException(),
        };
    }

    private async Task<IResult> AgainAsync(HttpContext http, HolderKind kind, string name, FormFault fault, int status) =>
        await pages.ReadAsync(http.Requester().Organisation, kind, name, null, null, http.RequestAborted) is { } model
            ? ConsolePages.Page<PersonPage>(http, forms, new() { ["Model"] = model, ["Fault"] = fault }, status)
            : PeoplePageEndpoints.Missing(http, forms, kind);

    private static Notice Said(string name, LifecycleStep step) =>
        step == LifecycleStep.Suspend ? new Notice($"{name} is suspended", "Its tokens are refused until you resume it.")
        : step == LifecycleStep.Resume ? new Notice($"{name} is active again", "Its tokens work again.")
        : new Notice($"{name} is retired for good", "Its history stays.");

    private static Notice Said(string name, RevocationResponse revoked) => new(
        revoked.LiveTokens switch
        {
            null => $"Everything issued to {name} is revoked",
            1 => $"Everything issued to {name} is revoked: 1 live token",
            { } many => $"Everything issued to {name} is revoked: {many} live tokens",
        }, revoked.ToWords()) { IsRefusal = revoked.UnconfirmedNodes.Count > 0 };

    private static RevocationLevel LevelOf(HolderKind kind) => kind switch
    {
        HolderKind.User => RevocationLevel.User,
        HolderKind.Agent => RevocationLevel.Agent,
        _ => RevocationLevel.Workflow,
    };
}

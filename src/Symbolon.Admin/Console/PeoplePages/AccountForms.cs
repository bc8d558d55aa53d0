using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Identities;
using Symbolon.Admin.Revocations;
using Symbolon.AuthorizationServer.Accounts;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.PeoplePages;

/// <summary>What the pages of people do with their accounts, by the same class as the API.</summary>
internal sealed class AccountForms(IAntiforgery forms, PersonPageReader pages, AccountDesk desk, OneTimeForms once, IPublicAddresses addresses)
{
    public const string New = "/people/new";

    public IResult Blank(HttpContext http) => AddPage(http, new NewPersonForm(), []);

    public async Task<IResult> AddAsync(HttpContext http)
    {
        var sent = await http.Request.ReadFormAsync(http.RequestAborted);
        var form = NewPersonForm.Read(sent);
        return await OnceAsync(http, sent, New, async () =>
        {
            var order = new NewAccount(form.Email, form.Name.Length == 0 ? null : form.Name, form.IsAdministrator, Password: null, Reason: null);
            return await desk.AddAsync(http.Requester(), order, http.RequestAborted) switch
            {
                Result<AccountChange>.Done { Value: var done } => (LinkPage(http, done), PersonRow.PathOf(HolderKind.User, done.Account.Email.Value)),
                Result<AccountChange>.Refused { Why: var why } => (AddPage(http, form, why.Errors.IsEmpty ? [new FieldError("email", why.Code, why.Message)] : why.Errors, Answers.StatusOf(why.Kind)), null),
                _ => throw new InvalidOperationException(),
            };
        });
    }

    public async Task<IResult> SuspendAsync(HttpContext http, string address) => await StepAsync(http, address, "suspend", NormalOf(address),
        (form, cancellation) => desk.SuspendAsync(http.Requester(), address, form.Reason, form.Expected, cancellation),
        done => new Notice($"{done.Account.Email} is suspended", done.Revoked is { } revoked ? $"Sessions and command lines ended. {RevocationEndpoints.Of(revoked).ToWords()}" : "Sessions and command lines ended."));

    public async Task<IResult> ResumeAsync(HttpContext http, string address) => await StepAsync(http, address, "resume", null,
        (form, cancellation) => desk.ResumeAsync(http.Requester(), address, form.Reason, form.Expected, cancellation),
        done => new Notice($"{done.Account.Email} signs in again", "With the same password. What was revoked stays revoked."));

    public async Task<IResult> SetRoleAsync(HttpContext http, string address)
    {
        var isAdministrator = (await http.Request.ReadFormAsync(http.RequestAborted))["role"] == UserEndpoints.Administrator;
        return await StepAsync(http, address, "role", NormalOf(address),
            (form, cancellation) => desk.SetRoleAsync(http.Requester(), address, isAdministrator, form.Reason, form.Expected, cancellation),
            done => new Notice($"{done.Account.Email} is {(isAdministrator ? "an administrator" : "a member")} now", "Also in sessions that are open."));
    }

    public async Task<IResult> ResetAsync(HttpContext http, string address)
    {
        var sent = await http.Request.ReadFormAsync(http.RequestAborted);
        return await OnceAsync(http, sent, PersonRow.PathOf(HolderKind.User, address), async () =>
        {
            var (form, fault) = await StepForm.ReadAsync(http, "reset", NormalOf(address));
            if (form is null) return (await AgainAsync(http, address, fault!, StatusCodes.Status422UnprocessableEntity), null);
            return await desk.ResetAsync(http.Requester(), address, password: null, form.Reason, form.Expected, http.RequestAborted) switch
            {
                Result<AccountChange>.Done { Value: var done } => (LinkPage(http, done), PersonRow.PathOf(HolderKind.User, done.Account.Email.Value)),
                Result<AccountChange>.Refused { Why: var why } => (await AgainAsync(http, address, form.Refused(address, why), Answers.StatusOf(why.Kind)), null),
                _ => throw new InvalidOperationException(),
            };
        });
    }

    /// <summary>Whoever sends the same form again is led to the person's page: the link was in the first answer.</summary>
    private async Task<IResult> OnceAsync(HttpContext http, IFormCollection sent, string back, Func<Task<(IResult Answer, string? Path)>> work)
    {
        if (sent["once"] is not [{ } key] || !OneTimeForms.IsId(key)) return ConsolePages.NotWhole(http, forms);
        var session = http.Features.Get<ConsoleSession>()!;
        if (await once.BeginAsync(session, key, http.RequestAborted) is { } made)
            return ConsolePages.Done(http, made == OneTimeForms.Unknown ? back : made, new Notice("This form was sent before", "Its link was in the first answer, and is shown once. If nobody has it, reset the password.") { IsRefusal = true });
        string? path = null;
        try
        {
            (var answer, path) = await work();
            return answer;
        }
        finally
        {
            await once.EndAsync(session, key, path);
        }
    }

    private async Task<IResult> StepAsync(
        HttpContext http, string address, string action, string? confirmation, Func<StepForm, CancellationToken, Task<Result<AccountChange>>> step, Func<AccountChange, Notice> said)
    {
        var (form, fault) = await StepForm.ReadAsync(http, action, confirmation);
        if (form is null) return await AgainAsync(http, address, fault!, StatusCodes.Status422UnprocessableEntity);
        return await step(form, http.RequestAborted) switch
        {
            Result<AccountChange>.Done { Value: var done } => ConsolePages.Done(http, PersonRow.PathOf(HolderKind.User, done.Account.Email.Value), said(done)),
            Result<AccountChange>.Refused { Why: var why } => await AgainAsync(http, address, form.Refused(address, why), Answers.StatusOf(why.Kind)),
            _ => throw new InvalidOperationException(),
        };
    }

    private IResult LinkPage(HttpContext http, AccountChange done) => ConsolePages.Page<AccountLinkPage>(http, forms, new()
    {
        ["Email"] = done.Account.Email.Value,
        ["Link"] = addresses.ConsoleOrigin + SetPasswordPath.Of(done.LinkSecret!),
    });

    private IResult AddPage(HttpContext http, NewPersonForm form, IEnumerable<FieldError> faults, int status = StatusCodes.Status200OK) =>
        ConsolePages.Page<NewPersonPage>(http, forms, new() { ["Form"] = form, ["Faults"] = faults.ToDictionary(fault => fault.Path, fault => fault.Message), ["Once"] = OneTimeForms.NewId() }, status);

    private async Task<IResult> AgainAsync(HttpContext http, string address, FormFault fault, int status) =>
        await pages.ReadAsync(http.Requester().Organisation, HolderKind.User, address, null, null, http.RequestAborted) is { } model
            ? ConsolePages.Page<PersonPage>(http, forms, new() { ["Model"] = model, ["Fault"] = fault }, status)
            : PeoplePageEndpoints.Missing(http, forms, HolderKind.User);

    private static string NormalOf(string address) => UserEmail.TryParse(address, out var email) ? email.Value : address;
}

/// <summary>What the form for a new person holds.</summary>
public sealed record NewPersonForm
{
    public string Email { get; init; } = "";
    public string Name { get; init; } = "";
    public bool IsAdministrator { get; init; }

    internal static NewPersonForm Read(IFormCollection sent) => new() { Email = sent["email"].ToString().Trim(), Name = sent["name"].ToString().Trim(), IsAdministrator = sent["role"] == UserEndpoints.Administrator };
}

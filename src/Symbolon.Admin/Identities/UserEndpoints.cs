using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.AuthorizationServer.Accounts;
using Symbolon.Core.Changes;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Admin.Identities;

/// <summary>People: whoever has an account here, or is named by grants and tokens.</summary>
internal static class UserEndpoints
{
    public const string Administrator = "admin";
    public const string Member = "member";

    public static void MapUsers(this RouteGroupBuilder api)
    {
        api.MapGet("/users", ListAsync).Describe("ListUsers", "users:read", "People who have an account or whom live grants or tokens name, by address; q is a part of it.").Pages("q").Produces<UserResponse[]>();
        api.MapGet("/users/{email}", GetAsync).Describe("GetUser", "users:read", "A person.")
            .Produces<UserResponse>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapPost("/users", CreateAsync).Describe("CreateUser", "users:write", "Makes an account, with a password or a one-time link to set one, which only this answer has.")
            .Accepts<CreateUserRequest>("application/json").Produces<ChangedUserResponse>(StatusCodes.Status201Created).Changes();
        api.MapPost("/users/{email}/suspend", SuspendAsync).Describe("SuspendUser", "users:write", "Ends the person's sessions and command lines, lets nobody sign in, and revokes all that was issued to the person for good.")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<ChangedUserResponse>().ChangesOne();
        api.MapPost("/users/{email}/resume", ResumeAsync).Describe("ResumeUser", "users:write", "The person signs in again. What was revoked stays revoked.")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<ChangedUserResponse>().ChangesOne();
        api.MapPost("/users/{email}/reset", ResetAsync).Describe("ResetUser", "users:write", "Ends the password, with every session, command line and token of the person. Another password is given, or set by a one-time link.")
            .Accepts<ResetUserRequest>(isOptional: true, "application/json").Produces<ChangedUserResponse>().ChangesOne();
        api.MapPost("/users/{email}/role", SetRoleAsync).Describe("SetUserRole", "users:write", "Makes a person an administrator, or a member.")
            .Accepts<UserRoleRequest>("application/json").Produces<ChangedUserResponse>().ChangesOne();
    }

    private static async Task<IResult> ListAsync(HttpContext context, IdentityReads identities)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var found = await identities.PeopleAsync(context.Requester().Organisation, context.Request.Query["q"], page.After, page.Limit, context.RequestAborted);
        if (found.Count > page.Limit) Page.LinkTo(context, "next", found[page.Limit - 1].Email);
        return Answers.Json(context, found.Take(page.Limit).ToArray());
    }

    private static async Task<IResult> GetAsync(string email, HttpContext context, IdentityReads identities) =>
        await identities.FindPersonAsync(context.Requester().Organisation, email, context.RequestAborted) is { } person
            ? Answers.Versioned(context, person, person.Account?.Version)
            : Answers.NotFound("such person");

    private static async Task<IResult> CreateAsync(HttpContext context, AccountDesk desk, IdentityReads identities)
    {
        var body = await AdminBody.ReadAsync<CreateUserRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        if (ReasonText.Refuse(request.Reason) is { } refusal) return refusal;
        var order = new NewAccount(request.Email, request.Name, request.Admin, request.Password, request.Reason);
        return await ShownAsync(context, identities, await desk.AddAsync(context.Requester(), order, context.RequestAborted), StatusCodes.Status201Created);
    }

    private static async Task<IResult> SuspendAsync(string email, HttpContext context, AccountDesk desk, IdentityReads identities)
    {
        var (order, refusal) = await StepOrder.ReadAsync(context);
        return refusal ?? await ShownAsync(context, identities, await desk.SuspendAsync(context.Requester(), email, order.Reason, order.Expected, context.RequestAborted));
    }

    private static async Task<IResult> ResumeAsync(string email, HttpContext context, AccountDesk desk, IdentityReads identities)
    {
        var (order, refusal) = await StepOrder.ReadAsync(context);
        return refusal ?? await ShownAsync(context, identities, await desk.ResumeAsync(context.Requester(), email, order.Reason, order.Expected, context.RequestAborted));
    }

    private static async Task<IResult> ResetAsync(string email, HttpContext context, AccountDesk desk, IdentityReads identities)
    {
        var body = await AdminBody.ReadAsync(context, new ResetUserRequest());
        if (body.Value is not { } request) return body.Refusal!;
        var (order, refusal) = StepOrder.Of(context, request.Reason);
        return refusal ?? await ShownAsync(context, identities, await desk.ResetAsync(context.Requester(), email, request.Password, order.Reason, order.Expected, context.RequestAborted));
    }

    private static async Task<IResult> SetRoleAsync(string email, HttpContext context, AccountDesk desk, IdentityReads identities)
    {
        var body = await AdminBody.ReadAsync<UserRoleRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        if (request.Role is not (Administrator or Member)) return Answers.Problem(ChangeError.Invalid("role", FieldErrorCode.BadValue, $"role must be {Administrator} or {Member}."));
        var (order, refusal) = StepOrder.Of(context, request.Reason);
        return refusal ?? await ShownAsync(context, identities, await desk.SetRoleAsync(context.Requester(), email, request.Role == Administrator, order.Reason, order.Expected, context.RequestAborted));
    }

    /// <summary>It has happened, whether or not the one who asked still waits.</summary>
    private static async Task<IResult> ShownAsync(HttpContext context, IdentityReads identities, Result<AccountChange> changed, int status = StatusCodes.Status200OK) => changed switch
    {
        Result<AccountChange>.Done { Value: var done } =>
            Answers.Versioned(context, await identities.ChangedAsync(context.Requester().Organisation, done, CancellationToken.None), done.Account.Version, status),
        Result<AccountChange>.Refused { Why: var why } => Answers.Problem(why),
        _ => throw new InvalidOperationException(),
    };
}

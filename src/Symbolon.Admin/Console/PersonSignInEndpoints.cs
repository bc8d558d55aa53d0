using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Console.SignIn;
using Symbolon.Admin.Identities;
using Symbolon.AuthorizationServer.Accounts;
using Symbolon.AuthorizationServer.Login;
using Symbolon.Core;
using Symbolon.Core.Accounts;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Console;

/// <summary>How people sign in, on the listeners of callers too: who lets a client act is asked there who they are.</summary>
internal static class PersonSignInEndpoints
{
    /// <summary>One answer for an address without an account, a wrong password, and an account that is suspended or has no password yet.</summary>
    private const string Wrong = "The e-mail address or the password is wrong, or this account cannot sign in.";
    private const string Gone = "This link was used, or its ten minutes are over. Ask an administrator for another.";

    public static void MapPersonSignIn(this RouteGroupBuilder routes)
    {
        var open = routes.MapGroup("").AddEndpointFilter<StoreFaultPage>().AddEndpointFilter<FormGate>();
        open.WithMetadata(SignInEndpoints.Open);
        open.MapGet("/sign-in", SignInEndpoints.ShowAsync);
        open.MapPost("/sign-in/password", WithPasswordAsync);
        open.MapGet(SetPasswordPath.Value, ShowSetPasswordAsync);
        open.MapPost(SetPasswordPath.Value, SetPasswordAsync);
    }

    private static async Task<IResult> WithPasswordAsync(HttpContext http, PasswordSignIn people, DeviceCookie device, SignInDesk desk, IRefusalLog refusals, IAntiforgery forms, TimeProvider clock)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form["email"] is not [{ } email] || form["password"] is not [{ } password]) return desk.Refuse(http, Wrong);
        return await people.TryAsync(OrganisationId.Default, email, password, device.Read(http), http.Connection.RemoteIpAddress, http.RequestAborted) switch
        {
            SignInResult.SignedIn done => await LetInAsync(done),
            SignInResult.Locked locked => Wait(UnixTime.FromMicroseconds(locked.Until) - clock.GetUtcNow()),
            var other when other == SignInResult.Overloaded => Wait(TimeSpan.FromSeconds(1)),
            _ => desk.Refuse(http, Wrong),
        };

        Task<IResult> LetInAsync(SignInResult.SignedIn done)
        {
            device.Write(http, done.Device);
            return desk.LetInAsync(http, done.Account.Email.Value, "signed in by password", at: UnixTime.FromMicroseconds(done.At));
        }

        IResult Wait(TimeSpan time)
        {
            var seconds = Math.Max(1, (long)Math.Ceiling(time.TotalSeconds));
            refusals.Record(OrganisationId.Default, http.Connection.RemoteIpAddress, ReasonCode.LimitReached);
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return SignInAnswer.Page(http, forms, StatusCodes.Status429TooManyRequests, $"Too many attempts failed. Try again in {(seconds < 120 ? $"{seconds} s" : $"{seconds / 60} minutes")}.");
        }
    }

    /// <summary>Looking at a link uses nothing up.</summary>
    private static async Task<IResult> ShowSetPasswordAsync(HttpContext http, IAntiforgery forms, PasswordLinks links, string? link) =>
        await links.LookAsync(OrganisationId.Default, link, http.RequestAborted) is { } account ? Form(http, forms, account, link!, null, StatusCodes.Status200OK)
        : SignInAnswer.Page(http, forms, StatusCodes.Status401Unauthorized, Gone);

    private static async Task<IResult> SetPasswordAsync(HttpContext http, IAntiforgery forms, PasswordLinks links, SignInDesk desk)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        string? link = form["link"];
        if (await links.LookAsync(OrganisationId.Default, link, http.RequestAborted) is not { } account) return desk.Refuse(http, Gone);
        if (form["password"] is not [{ } password] || form["again"] != password)
            return Form(http, forms, account, link!, "The two are not the same. Type the password again.", StatusCodes.Status422UnprocessableEntity);
        return await links.SetAsync(OrganisationId.Default, link, password, http.Connection.RemoteIpAddress?.ToString(), http.RequestAborted) switch
        {
            Result<Account>.Done => ConsolePages.Page<SignInPage>(http, forms, new() { ["Email"] = account.Email.Value, ["Done"] = "Your password is set. Sign in with it." }),
            Result<Account>.Refused { Why: { Kind: ChangeErrorKind.NotFound } } => desk.Refuse(http, Gone),
            Result<Account>.Refused { Why: var why } => Form(http, forms, account, link!, why.Message, StatusCodes.Status422UnprocessableEntity),
            _ => throw new InvalidOperationException(),
        };
    }

    private static IResult Form(HttpContext http, IAntiforgery forms, Account account, string link, string? fault, int status) =>
        ConsolePages.Page<SetPasswordPage>(http, forms, new() { ["Email"] = account.Email.Value, ["Link"] = link, ["Fault"] = fault }, status);
}

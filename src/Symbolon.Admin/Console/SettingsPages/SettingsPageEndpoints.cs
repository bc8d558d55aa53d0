using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Webhooks;
using Symbolon.AuthorizationServer.Keys;
using Symbolon.Core.Changes;
using Symbolon.Core.Keys;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Console.SettingsPages;

/// <summary>The keys that sign tokens, and the webhook.</summary>
internal static class SettingsPageEndpoints
{
    public const string Path = "/settings";

    /// <summary>What is typed before another key is made.</summary>
    public const string Rotation = "rotate";

    public static void MapSettingsPages(this RouteGroupBuilder pages)
    {
        pages.MapGet(Path, (HttpContext http, SettingsPageReader page) => page.AnswerAsync(http)).WithMetadata(new RouteAccess.Administrator("keys:read"));
        pages.MapPost(Path + "/keys/rotate", RotateAsync).WithMetadata(new RouteAccess.Administrator("keys:write"));
        pages.MapPost(Path + "/keys/revoke", RevokeAsync).WithMetadata(new RouteAccess.Administrator("keys:write"));
        pages.MapPost(Path + "/webhook/test", TestWebhookAsync).WithMetadata(new RouteAccess.Administrator("webhook:write"));
    }

    private static async Task<IResult> RotateAsync(HttpContext http, SigningKeyDesk desk, SettingsPageReader page)
    {
        var (reason, fault) = await ReadAsync(http, "rotate", Rotation);
        if (fault is not null) return await page.AnswerAsync(http, fault, StatusCodes.Status422UnprocessableEntity);
        return await desk.RotateAsync(http.Requester(), reason, http.RequestAborted) switch
        {
            Result<SigningKey>.Done { Value: var key } => ConsolePages.Done(http, Path, new Notice("The next key is published", $"{Short(key.Id)} signs once every cached key set has it. No token ends by it.")),
            Result<SigningKey>.Refused { Why: var why } => await page.AnswerAsync(http, new FormFault("rotate", null, why.Message), Answers.StatusOf(why.Kind)),
            _ => throw new InvalidOperationException(),
        };
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, SigningKeyDesk desk, SettingsPageReader page)
    {
        var id = (await http.Request.ReadFormAsync(http.RequestAborted))["key"].ToString();
        var (reason, fault) = await ReadAsync(http, "revoke", Short(id));
        if (fault is not null) return await page.AnswerAsync(http, fault, StatusCodes.Status422UnprocessableEntity, id);
        return await desk.RevokeAsync(http.Requester(), id, reason, http.RequestAborted) switch
        {
            Result<SigningKey>.Done => ConsolePages.Done(http, Path, new Notice($"Key {Short(id)} is revoked", "Whatever it signed is refused, and another signs.")),
            Result<SigningKey>.Refused { Why: var why } => await page.AnswerAsync(http, new FormFault("revoke", null, why.Message), Answers.StatusOf(why.Kind), id),
            _ => throw new InvalidOperationException(),
        };
    }

    private static async Task<IResult> TestWebhookAsync(HttpContext http, WebhookDesk desk, SettingsPageReader page)
    {
        var reason = (await http.Request.ReadFormAsync(http.RequestAborted))["reason"].ToString().Trim();
        if (StepForm.FaultOf("webhook", reason) is { } fault) return await page.AnswerAsync(http, fault, StatusCodes.Status422UnprocessableEntity);
        return await desk.TestAsync(http.Requester(), reason.Length == 0 ? null : reason, http.RequestAborted) switch
        {
            Result<WebhookTestResponse>.Done => ConsolePages.Done(http, Path, new Notice("A test is on its way", "What came of it is here in a few seconds: load the page again.")),
            Result<WebhookTestResponse>.Refused { Why: var why } => await page.AnswerAsync(http, new FormFault("webhook", null, why.Message), Answers.StatusOf(why.Kind)),
            _ => throw new InvalidOperationException(),
        };
    }

    private static async Task<(string? Reason, FormFault? Fault)> ReadAsync(HttpContext http, string action, string confirmation)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (!string.Equals(form["confirm"].ToString().Trim(), confirmation, StringComparison.Ordinal)) return (null, new FormFault(action, "confirm", $"This is not {confirmation}."));
        var reason = form["reason"].ToString().Trim();
        return (reason.Length == 0 ? null : reason, StepForm.FaultOf(action, reason));
    }

    /// <summary>Enough of a thumbprint to tell keys apart, and to be typed.</summary>
    public static string Short(string id) => id[..Math.Min(id.Length, 8)];
}

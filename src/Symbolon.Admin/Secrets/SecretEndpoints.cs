using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Registry.Secrets;

namespace Symbolon.Admin.Secrets;

internal static class SecretEndpoints
{
    public static void MapSecrets(this RouteGroupBuilder api)
    {
        api.MapGet("/secrets", List).Describe("ListSecrets", "secrets:read", "Stored secrets by name: who uses them and until when, never their values.").Pages().Produces<SecretSummary[]>();
        api.MapGet("/secrets/{name}", Show).Describe("GetSecret", "secrets:read", "One stored secret: age, phase of its rotation, who uses it and until when, never its value.").Produces<SecretSummary>();
        api.MapPut("/secrets/{name}", PutAsync).Describe("PutSecret", "secrets:write", "Stores a server's static secret, sealed. Its value is never returned.")
            .Accepts<PutSecretRequest>("application/json").Produces<SecretResponse>().ChangesOne();
        api.MapPut("/secrets/{name}/rotation", StartAsync).Describe("RotateSecret", "secrets:write", "Seals the next value beside the present one and tries it against each server that uses it. Calls still show the present one.")
            .Accepts<PutSecretRequest>("application/json").Produces<SecretRotationResponse>().ChangesOne();
        api.MapPost("/secrets/{name}/rotation/finish", (string name, HttpContext context, SecretRotation rotation) => StepAsync(name, context, rotation.FinishAsync))
            .Describe("FinishSecretRotation", "secrets:write", "New calls show the next value, open ones end with the one before, which is destroyed. Changes nothing where none waits.")
            .Accepts<ReasonRequest>("application/json").Produces<SecretRotationResponse>().ChangesOne();
        api.MapPost("/secrets/{name}/rotation/cancel", (string name, HttpContext context, SecretRotation rotation) => StepAsync(name, context, rotation.CancelAsync))
            .Describe("CancelSecretRotation", "secrets:write", "Destroys the next value; calls show the present one as before. Changes nothing where none waits.")
            .Accepts<ReasonRequest>("application/json").Produces<SecretRotationResponse>().ChangesOne();
    }

    private static IResult List(HttpContext context, SecretUse secrets, TimeProvider clock)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var listed = page.Take(context, secrets.All(context.Requester().Organisation), secret => secret.Name);
        return Answers.Json(context, listed.Select(secret => Summary(secret, clock)).ToArray());
    }

    private static IResult Show(string name, HttpContext context, SecretUse secrets, TimeProvider clock) =>
        secrets.Find(context.Requester().Organisation, name) is { } found
            ? Answers.Versioned(context, Summary(found, clock), found.Version)
            : Answers.NotFound($"secret {name}");

    private static SecretSummary Summary(ListedSecret secret, TimeProvider clock)
    {
        var storedAt = secret.StoredAt is { } at ? UnixTime.FromMicroseconds(at) : (DateTimeOffset?)null;
        return new SecretSummary
        {
            Name = secret.Name,
            Version = secret.Version,
            Phase = Phase(secret.IsRotating),
            UsedBy = [.. secret.UsedBy.Select(server => server.Value)],
            StoredAt = storedAt,
            AgeDays = storedAt is { } since ? (int)Math.Max(0, (clock.GetUtcNow() - since).TotalDays) : null,
            NextStoredAt = secret.NextStoredAt is { } next ? UnixTime.FromMicroseconds(next) : null,
            Expires = secret.Expires,
        };
    }

    private static string Phase(bool isRotating) => isRotating ? "rotating" : "steady";

    private static async Task<IResult> StartAsync(string name, HttpContext context, SecretRotation rotation)
    {
        if (!ObjectName.IsValid(name)) return Answers.Malformed($"The name of a secret is {ObjectName.Rule}.");
        var body = await AdminBody.ReadAsync<PutSecretRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        var (order, refusal) = StepOrder.Of(context, request.Reason);
        if (refusal is not null) return refusal;
        return Rotated(context, await rotation.StartAsync(context.Requester(), name, request.Value, order.Reason, order.Expected, context.RequestAborted));
    }

    private static async Task<IResult> StepAsync(string name, HttpContext context, Func<Requester, string, string?, long?, CancellationToken, Task<Result<RotationStep>>> step)
    {
        if (!ObjectName.IsValid(name)) return Answers.Malformed($"The name of a secret is {ObjectName.Rule}.");
        var (order, refusal) = await StepOrder.ReadAsync(context);
        return refusal ?? Rotated(context, await step(context.Requester(), name, order.Reason, order.Expected, context.RequestAborted));
    }

    private static IResult Rotated(HttpContext context, Result<RotationStep> made) => Answers.Of(made, step => Answers.Versioned(context, new SecretRotationResponse(
        step.Name, step.Version, Phase(step.IsRotating), step.Changed,
        [.. step.Trials.Select(trial => new SecretTrialResponse(trial.Server.Value, Outcome(trial.Outcome), trial.Text))]), step.Version));

    private static string Outcome(TrialOutcome outcome) => outcome switch { TrialOutcome.Works => "works", TrialOutcome.Failed => "failed", _ => "not_tried" };

    private static async Task<IResult> PutAsync(string name, HttpContext context, UpstreamSecrets secrets)
    {
        if (!ObjectName.IsValid(name)) return Answers.Malformed($"The name of a secret is {ObjectName.Rule}.");
        var body = await AdminBody.ReadAsync<PutSecretRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        var (order, refusal) = StepOrder.Of(context, request.Reason);
        if (refusal is not null) return refusal;
        var stored = await secrets.PutAsync(context.Requester(), name, request.Value, order.Reason, order.Expected, context.RequestAborted);
        return Answers.Of(stored, found => Answers.Versioned(context,
            new SecretResponse(found.Name, found.Version, [.. found.UsedBy.Select(server => server.Value)], found.Changed), found.Version));
    }
}

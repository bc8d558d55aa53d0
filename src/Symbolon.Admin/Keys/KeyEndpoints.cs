using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.AuthorizationServer.Keys;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Keys;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Keys;

internal static class KeyEndpoints
{
    private const int MostIdLength = 64;

    public static void MapKeys(this RouteGroupBuilder api)
    {
        api.MapGet("/keys", List).Describe("ListKeys", "keys:read", "The keys that sign tokens, in the order in which they were made.").Produces<KeyResponse[]>();
        api.MapPost("/keys/rotate", RotateAsync).Describe("RotateKeys", "keys:write", "Makes the next key. It is published at once and signs once every cached key set has it.")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<KeyResponse>().Changes();
        api.MapPost("/keys/{id}/revoke", RevokeAsync).Describe("RevokeKey", "keys:write", "For a key that is lost: whatever it signed is refused, and another signs at once.")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<KeyResponse>().Changes();
    }

    /// <summary>In the order in which they were made.</summary>
    public static KeyResponse[] ListOf(Configuration configuration, OrganisationId organisation, TimeProvider clock)
    {
        var ring = configuration.SigningKeys(organisation);
        return [.. ring.Keys.Select(key => Shown(ring, key, clock))];
    }

    private static IResult List(HttpContext context, Configuration configuration, TimeProvider clock) =>
        Answers.Json(context, ListOf(configuration, context.Requester().Organisation, clock));

    private static async Task<IResult> RotateAsync(HttpContext context, SigningKeyDesk desk, Configuration configuration, TimeProvider clock)
    {
        var (reason, refusal) = await StepOrder.ReadReasonAsync(context);
        return refusal ?? Shown(context, await desk.RotateAsync(context.Requester(), reason, context.RequestAborted), configuration, clock);
    }

    private static async Task<IResult> RevokeAsync(string id, HttpContext context, SigningKeyDesk desk, Configuration configuration, TimeProvider clock)
    {
        if (id.Length > MostIdLength) return Answers.NotFound("such signing key");
        var (reason, refusal) = await StepOrder.ReadReasonAsync(context);
        return refusal ?? Shown(context, await desk.RevokeAsync(context.Requester(), id, reason, context.RequestAborted), configuration, clock);
    }

    private static IResult Shown(HttpContext context, Result<SigningKey> changed, Configuration configuration, TimeProvider clock) => Answers.Of(changed, key =>
    {
        var ring = configuration.SigningKeys(context.Requester().Organisation);
        return Answers.Json(context, Shown(ring, ring.Find(key.Id) ?? key, clock));
    });

    private static KeyResponse Shown(SigningKeyRing ring, SigningKey key, TimeProvider clock) => new(
        key.Id, ring.StateOf(key, clock.Microseconds()).ToString().ToLowerInvariant(), UnixTime.FromMicroseconds(key.CreatedAt), UnixTime.FromMicroseconds(key.ActiveFrom),
        Time(ring.RetiredAt(key)), Time(key.RevokedAt));

    private static DateTimeOffset? Time(long? microseconds) => microseconds is { } found ? UnixTime.FromMicroseconds(found) : null;
}

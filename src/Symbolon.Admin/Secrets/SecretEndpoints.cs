using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Identity;
using Symbolon.Registry.Secrets;

namespace Symbolon.Admin.Secrets;

internal static class SecretEndpoints
{
    public static void MapSecrets(this RouteGroupBuilder api)
    {
        api.MapGet("/secrets", List).Describe("ListSecrets", "secrets:read", "Stored secrets by name: who uses them and until when, never their values.").Pages().Produces<SecretSummary[]>();
        api.MapPut("/secrets/{name}", PutAsync).Describe("PutSecret", "secrets:write", "Stores a server's static secret, sealed. Its value is never returned.")
            .Accepts<PutSecretRequest>("application/json").Produces<SecretResponse>().ChangesOne();
    }

    private static IResult List(HttpContext context, SecretUse secrets)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var listed = page.Take(context, secrets.All(context.Requester().Organisation), secret => secret.Name);
        return Answers.Json(context, listed.Select(secret => new SecretSummary
        {
            Name = secret.Name,
            Version = secret.Version,
            UsedBy = [.. secret.UsedBy.Select(server => server.Value)],
            Expires = secret.Expires,
        }).ToArray());
    }

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

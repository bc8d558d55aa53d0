using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Apply;
using Symbolon.Registry.Changes;

namespace Symbolon.Admin.Apply;

internal static class ApplyEndpoints
{
    public static void MapApply(this RouteGroupBuilder api)
    {
        api.MapPost("/apply", ApplyAsync).Describe("Apply", "objects:write", "Applies documents, all or nothing.")
            .Accepts<ApplyRequest>("application/json").Produces<ApplyResponse[]>().Changes();
        api.MapGet("/export", Export).Describe("Export", "objects:read", "All objects as documents; of a server the newest version, retired ones left out.")
            .Produces<JsonElement[]>();
    }

    private static async Task<IResult> ApplyAsync(HttpContext context, DocumentApplier applier)
    {
        var body = await AdminBody.ReadAsync<ApplyRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        if (ReasonText.Refuse(request.Reason) is { } refusal) return refusal;
        if (SourceRequest.Refuse(request.Source, out var source) is { } unread) return unread;
        var applied = await applier.ApplyAsync(context.Requester(), request.Documents, new ApplyOrder(request.DryRun, request.Reason, source), context.RequestAborted);
        return Answers.Of(applied, documents => Answers.Json(context,
            documents.Select(ApplyResponse.Of).ToArray()));
    }

    private static RawList Export(HttpContext context, Configuration configuration)
    {
        var organisation = context.Requester().Organisation;
        var documents = new List<Document>();
        documents.AddRange(configuration.Servers(organisation).Where(server => server.State != Lifecycle.Retired && (server.Pending ?? server.Approved) is not null).OrderBy(server => server.Name.Value, StringComparer.Ordinal)
            .Select(server => new Document.Server(server.Name, (server.Pending ?? server.Approved)!.Manifest)));
        foreach (var kind in new[] { ObjectKind.Agent, ObjectKind.Workflow })
            documents.AddRange(configuration.Identities(organisation, kind).Where(identity => identity.State != Lifecycle.Retired).OrderBy(identity => identity.Key.Name, StringComparer.Ordinal).Select(Document.Of));
        documents.AddRange(configuration.Grants(organisation).Where(grant => grant.RetiredAt is null).OrderBy(grant => grant.Name.Value, StringComparer.Ordinal).Select(Document.Of));
        documents.AddRange(configuration.Policies(organisation).Where(policy => policy.RetiredAt is null).OrderBy(policy => policy.Name.Value, StringComparer.Ordinal).Select(Document.Of));
        documents.AddRange(configuration.Resources(organisation).Where(resource => resource.RetiredAt is null).OrderBy(resource => resource.Name.Value, StringComparer.Ordinal).Select(Document.Of));
        documents.AddRange(configuration.Issuers(organisation).Where(issuer => issuer.RetiredAt is null).OrderBy(issuer => issuer.Name.Value, StringComparer.Ordinal).Select(Document.Of));
        return new RawList(documents.Select(DocumentWriter.Write));
    }
}

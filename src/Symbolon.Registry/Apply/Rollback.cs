using System.Text.Json;
using Symbolon.Core.Changes;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;

namespace Symbolon.Registry.Apply;

/// <summary>Takes an object back to what one of its versions said, by the way of every file: what is outside the envelope by now waits for a review.</summary>
public sealed class Rollback(IConfigurationStore store, DocumentApplier applier, ChangeDesk desk)
{
    /// <param name="version">Of the object, as its history numbers them.</param>
    public async Task<Result<AppliedDocument>> ToAsync(Requester requester, ObjectKey key, long version, string? reason, CancellationToken cancellation)
    {
        var note = new ChangeNote("roll back", key.ToString()) { Reason = reason };
        object? found;
        try
        {
            found = await store.FindVersionAsync(requester.Organisation, key, version, cancellation);
        }
        catch (StoreUnavailableException)
        {
            return await desk.RefuseAsync(requester, note, ChangeError.StoreUnavailable);
        }
        if (found is null || DocumentOf(found) is not { } document) return await desk.RefuseAsync(requester, note, ChangeError.NotFound($"version {version} of {key.InWords} that says something"));
        using var json = JsonDocument.Parse(DocumentWriter.Write(document));
        var order = new ApplyOrder(Reason: reason) { RollbackTo = found is ServerObject server ? ServingOf(server)!.Number : (int)version };
        return (await applier.ApplyAsync(requester, [json.RootElement], order, cancellation)).Select(applied => applied[0]);
    }

    /// <summary>What a version of an object says, as its file; null for a kind that has none, and a server that had no manifest then.</summary>
    public static Document? DocumentOf(object item) => item switch
    {
        ServerObject server => ServingOf(server) is { } newest ? new Document.Server(server.Name, newest.Manifest) : null,
        IdentityObject identity => Document.Of(identity),
        GrantObject grant => Document.Of(grant),
        PolicyObject policy => Document.Of(policy),
        ResourceObject resource => Document.Of(resource),
        IssuerObject issuer => Document.Of(issuer),
        _ => null,
    };

    private static ManifestVersion? ServingOf(ServerObject server) => server.Approved ?? server.Pending;
}

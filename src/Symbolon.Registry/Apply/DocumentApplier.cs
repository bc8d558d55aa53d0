using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Changes;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;
using Symbolon.Registry.Secrets;
using Symbolon.Registry.Servers;

namespace Symbolon.Registry.Apply;

/// <summary>
/// Applies documents, all or nothing: every one is validated before any is written, and all writes are one commit, with a record for
/// each object that changes. A plan is the same without the commit.
/// </summary>
public sealed class DocumentApplier(Configuration configuration, IConfigurationStore store, ChangeDesk desk, SecretUse secrets, ServerPlan servers, TimeProvider clock)
{
    /// <summary>Documents of one request.</summary>
    public const int Most = 500;

    /// <param name="requester">Who applies.</param>
    /// <param name="documents">One JSON object each, in the form of the files.</param>
    public async Task<Result<ImmutableArray<AppliedDocument>>> ApplyAsync(Requester requester, IReadOnlyList<JsonElement> documents, ApplyOrder order, CancellationToken cancellation)
    {
        var planned = await PlanAsync(requester, documents, order, cancellation);
        if (planned is Result<ImmutableArray<PlannedChange>>.Refused refused)
            return order.IsDryRun ? refused.Why with { IsRecorded = true } : await desk.RefuseAsync(requester, RefusedNotes(documents, order), refused.Why);

        var changes = ((Result<ImmutableArray<PlannedChange>>.Done)planned).Value;
        ImmutableArray<AppliedDocument> applied = [.. changes.Select(change => change.Applied)];
        Change[] writes = [.. changes.Select(change => change.Write).OfType<Change>(), .. changes.SelectMany(change => change.Beside)];
        if (order.IsDryRun || writes.Length == 0) return applied;

        var notes = applied.Where(document => document.Action != ApplyAction.Unchanged)
            .Select(document => NoteOf(document.Key, order) with { ObjectVersion = document.Version }).ToList();
        return (await desk.CommitAsync(requester, notes, writes, cancellation)).Select(_ => applied);
    }

    private async Task<Result<ImmutableArray<PlannedChange>>> PlanAsync(
        Requester requester, IReadOnlyList<JsonElement> documents, ApplyOrder order, CancellationToken cancellation)
    {
        if (documents.Count is 0 or > Most)
            return ChangeError.Invalid("documents", FieldErrorCode.TooMany, $"A request applies 1 to {Most} documents; it has {documents.Count}.");
        var errors = new List<FieldError>();
        var read = ReadAll(documents, errors);
        if (errors.Count > 0) return ChangeError.Invalid(errors);

        var references = new ReferenceCheck(configuration, requester.Organisation, read);
        var ceiling = configuration.Organisation(requester.Organisation).MaxTokenTtlSeconds;
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        for (var i = 0; i < read.Length; i++)
        {
            errors.AddRange(references.In(read[i], $"documents[{i}]."));
            errors.AddRange(ExpiredDays.In(read[i], today, $"documents[{i}]."));
            errors.AddRange(TtlCeiling.In(read[i], ceiling, $"documents[{i}]."));
        }
        errors.AddRange(secrets.SharedAmong(requester.Organisation, read));
        if (errors.Count > 0) return ChangeError.Invalid(errors);

        var changes = ImmutableArray.CreateBuilder<PlannedChange>(read.Length);
        foreach (var document in read)
            switch (await PlanOneAsync(requester, document, order, cancellation))
            {
                case Result<PlannedChange>.Done done: changes.Add(done.Value); break;
                case Result<PlannedChange>.Refused refused: return refused.Why;
            }
        return changes.ToImmutable();
    }

    private static ImmutableArray<Document> ReadAll(IReadOnlyList<JsonElement> documents, List<FieldError> errors)
    {
        var read = ImmutableArray.CreateBuilder<Document>(documents.Count);
        var seen = new HashSet<ObjectKey>();
        for (var i = 0; i < documents.Count; i++)
        {
            var reading = DocumentReader.Read(documents[i]);
            errors.AddRange(reading.Errors.Select(error => error with { Path = error.Path.Length == 0 ? $"documents[{i}]" : $"documents[{i}].{error.Path}" }));
            if (reading.Document is not { } document) continue;
            if (!seen.Add(document.Key)) errors.Add(new FieldError($"documents[{i}].metadata.name", FieldErrorCode.Duplicate, $"{document.Key} is given twice."));
            read.Add(document);
        }
        return read.ToImmutable();
    }

    private async Task<Result<PlannedChange>> PlanOneAsync(Requester requester, Document document, ApplyOrder order, CancellationToken cancellation)
    {
        try
        {
            var present = await store.FindObjectAsync(requester.Organisation, document.Key, cancellation);
            return document is Document.Server server ? await servers.OfAsync(requester, server, present, order, cancellation) : PlanAtOnce.Of(document, present);
        }
        catch (StoreUnavailableException)
        {
            return ChangeError.StoreUnavailable;
        }
    }

    private static ChangeNote NoteOf(ObjectKey key, ApplyOrder order) => new(order.RollbackTo is null ? "apply" : "roll back", key.ToString())
    {
        Reason = order.Recorded,
        Server = key.Kind == ObjectKind.Server ? key.Name : null,
        Grant = key.Kind == ObjectKind.Grant ? key.Name : null,
    };

    /// <summary>What a refused request was about, as far as it can be told; names that are not names are left out.</summary>
    private static List<ChangeNote> RefusedNotes(IReadOnlyList<JsonElement> documents, ApplyOrder order)
    {
        var keys = documents.Take(Most).Select(DocumentReader.Read).Select(reading => reading.Document?.Key).OfType<ObjectKey>().Distinct().ToList();
        return keys.Count > 0 ? [.. keys.Select(key => NoteOf(key, order))] : [new ChangeNote("apply", "documents") { Reason = order.Recorded }];
    }
}

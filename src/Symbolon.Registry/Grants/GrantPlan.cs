using Symbolon.Core.Changes;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;

namespace Symbolon.Registry.Grants;

/// <summary>A grant's file takes effect at once: narrowing it bites under live tokens.</summary>
internal static class GrantPlan
{
    public static Result<PlannedChange> Of(Document.Grant document, (object Item, long Version)? present)
    {
        var grant = present?.Item as GrantObject;
        if (grant is { RetiredAt: not null }) return PlannedChange.Retired($"Grant {grant.Name}");
        var version = present?.Version ?? 0;
        if (grant is not null && Document.Of(grant).SaysTheSameAs(document))
            return new PlannedChange(new AppliedDocument(document.Key, ApplyAction.Unchanged, version), Write: null);
        var action = grant is null ? ApplyAction.Created : ApplyAction.Updated;
        return new PlannedChange(
            new AppliedDocument(document.Key, action, version + 1),
            new Change.PutObject(document.Key, version, document.Object));
    }
}

using Symbolon.Core.Changes;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Registry.Changes;

namespace Symbolon.Registry.Grants;

/// <summary>A grant's file takes effect at once: narrowing it bites under live tokens.</summary>
internal static class GrantPlan
{
    public static Result<PlannedChange> Of(Document.Grant document, (object Item, long Version)? present)
    {
        if (present is not { Item: GrantObject grant, Version: var version }) return PlannedChange.AtOnce(document, null, document.Object);
        if (grant.RetiredAt is not null) return PlannedChange.Retired($"Grant {grant.Name}");
        return PlannedChange.AtOnce(document, (Document.Of(grant), version), document.Object);
    }
}

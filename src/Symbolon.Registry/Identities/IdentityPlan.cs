using Symbolon.Core.Changes;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Registry.Changes;

namespace Symbolon.Registry.Identities;

/// <summary>The file of an agent or workflow takes effect at once; its state (suspended, retired) is not in the file and stays.</summary>
internal static class IdentityPlan
{
    public static Result<PlannedChange> Of(Document.Identity document, (object Item, long Version)? present)
    {
        if (present is not { Item: IdentityObject identity, Version: var version }) return PlannedChange.AtOnce(document, null, document.Object);
        if (identity.State == Lifecycle.Retired) return PlannedChange.Retired($"{identity.Key.Kind} {identity.Key.Name}");
        return PlannedChange.AtOnce(document, (Document.Of(identity), version),
            identity with { Owner = document.Object.Owner, Labels = document.Object.Labels, Keys = document.Object.Keys });
    }
}

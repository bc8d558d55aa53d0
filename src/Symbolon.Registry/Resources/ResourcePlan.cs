using Symbolon.Core.Changes;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Registry.Changes;

namespace Symbolon.Registry.Resources;

/// <summary>A resource's file takes effect at once: it changes what reviewers are shown, and no call.</summary>
internal static class ResourcePlan
{
    public static Result<PlannedChange> Of(Document.Resource document, (object Item, long Version)? present)
    {
        if (present is not { Item: ResourceObject resource, Version: var version }) return PlannedChange.AtOnce(document, null, document.Object);
        if (resource.RetiredAt is not null) return PlannedChange.Retired($"Resource {resource.Name}");
        return PlannedChange.AtOnce(document, (Document.Of(resource), version), document.Object);
    }
}

using Symbolon.Core.Changes;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;

namespace Symbolon.Registry.Apply;

/// <summary>
/// A file that takes effect at once: created, replaced, or nothing where it says what is there already. Narrowing a grant bites under live tokens; a policy decides the next call; what is known
/// of a resource changes what reviewers are shown, and no call; an issuer or a federation that is cut gives no further token.
/// </summary>
internal static class PlanAtOnce
{
    /// <param name="present">What is there, with the version of its object; null for a new one.</param>
    public static Result<PlannedChange> Of(Document document, (object Item, long Version)? present)
    {
        var version = present?.Version ?? 0;
        var (before, isRetired, next) = Meet(document, present?.Item);
        if (isRetired) return PlannedChange.Retired($"{document.Key.Kind} {document.Key.Name}");
        if (before?.SaysTheSameAs(document) == true) return new PlannedChange(new AppliedDocument(document.Key, ApplyAction.Unchanged, version), Write: null);
        return new PlannedChange(
            new AppliedDocument(document.Key, before is null ? ApplyAction.Created : ApplyAction.Updated, version + 1)
            {
                Changes = before is null ? [] : DocumentDiff.Between(before, document),
            },
            new Change.PutObject(document.Key, version, next));
    }

    /// <summary>What is there as its file would say it, whether it is retired, and the object to write.</summary>
    private static (Document? Before, bool IsRetired, object Next) Meet(Document document, object? present) => (document, present) switch
    {
        // Its state (suspended, retired) is not in the file and stays.
        (Document.Identity { Object: var said }, IdentityObject identity) =>
            (Document.Of(identity), identity.State == Lifecycle.Retired, identity with { Owner = said.Owner, Labels = said.Labels, Keys = said.Keys, Federation = said.Federation }),
        (Document.Grant { Object: var said }, GrantObject grant) => (Document.Of(grant), grant.RetiredAt is not null, said),
        (Document.Policy { Object: var said }, PolicyObject policy) => (Document.Of(policy), policy.RetiredAt is not null, said),
        (Document.Resource { Object: var said }, ResourceObject resource) => (Document.Of(resource), resource.RetiredAt is not null, said),
        (Document.Issuer { Object: var said }, IssuerObject issuer) => (Document.Of(issuer), issuer.RetiredAt is not null, said),
        (Document.Identity { Object: var said }, _) => (null, false, said),
        (Document.Grant { Object: var said }, _) => (null, false, said),
        (Document.Policy { Object: var said }, _) => (null, false, said),
        (Document.Resource { Object: var said }, _) => (null, false, said),
        (Document.Issuer { Object: var said }, _) => (null, false, said),
        _ => throw new InvalidOperationException($"Unknown document {document.GetType()}"),
    };
}

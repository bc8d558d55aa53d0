using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Credentials;

/// <summary>Whose a key is already. A key is one instance's alone: what two have, neither can be told apart by. DESIGN.md section 4, Reviews.</summary>
public sealed class KeyHolders(Configuration configuration)
{
    public bool IsTaken(OrganisationId organisation, string thumbprint) =>
        configuration.ServerKeys(organisation).Any(keys => keys.Instances.Any(instance => instance.Thumbprint == thumbprint))
        || configuration.SigningKeys(organisation).Find(thumbprint) is not null
        || configuration.Agents(organisation).Concat<IdentityObject>(configuration.Workflows(organisation)).Any(identity => identity.KeyThumbprints.Contains(thumbprint))
        || configuration.Clients(organisation).Any(client => PublicKeys.Thumbprints(client.Keys).Contains(thumbprint))
        || IsRevoked(organisation, thumbprint);

    public bool IsRevoked(OrganisationId organisation, string thumbprint) => configuration.Epochs.Find(organisation, RevocationLevel.Key, thumbprint) is not null;
}

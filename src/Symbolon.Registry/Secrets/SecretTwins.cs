using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Sealing;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Secrets;

/// <summary>Finds a value that is stored under another name, in use or waiting to be, by its keyed fingerprint and without opening any. DESIGN.md section 4, Reviews.</summary>
public sealed class SecretTwins(IConfigurationStore store, ISecretBox box, SecretUse use)
{
    internal byte[] FingerprintOf(OrganisationId organisation, ReadOnlySpan<byte> value) => box.Fingerprint(organisation, ShownSecret.WithoutScheme(value));

    /// <returns>Null where the value is nobody else's.</returns>
    internal async Task<ChangeError?> RefuseAsync(OrganisationId organisation, string name, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        // Those that were stored before the scheme was left out have the fingerprint of the whole.
        foreach (var fingerprint in new[] { FingerprintOf(organisation, value.Span), box.Fingerprint(organisation, value.Span) })
            foreach (var kind in new[] { UpstreamSecrets.Kind, UpstreamSecrets.NextKind })
                if ((await store.SecretsWithFingerprintAsync(organisation, kind, fingerprint, cancellation)).FirstOrDefault(twin => twin != name) is { } twin)
                    return ChangeError.Conflict("secret_in_use", $"The same value is stored as {twin}{Users(organisation, twin)}. Each server has a secret of its own; those that share one name the same secret, each with mode: shared.");
        return null;
    }

    private string Users(OrganisationId organisation, string name) =>
        use.UsersOf(organisation, name) is { Count: > 0 } users ? $" and serves {string.Join(", ", users)}" : "";
}

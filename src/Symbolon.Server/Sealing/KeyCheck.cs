using System.Security.Cryptography;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Sealing;
using Symbolon.Core.Snapshot;

namespace Symbolon.Server.Sealing;

/// <summary>
/// A small sealed value in the store that says under which master key it was filled, so that a start with another key stops with a
/// clear message before anything is written that nobody could open together with the rest.
/// </summary>
internal sealed class KeyCheck(IConfigurationStore store, IChangeLog changes, ISecretBox box, TimeProvider clock)
{
    private const string Kind = "system";
    private const string Id = "key-check";
    private static readonly SecretPlace Place = new(OrganisationId.Default, Kind, Id, 1);

    /// <exception cref="MasterKeyException">The store was filled under another master key.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (await store.FindSecretAsync(OrganisationId.Default, Kind, Id, cancellation) is null) await WriteAsync(cancellation);
        // Read again also after our own write: another node may have been first, with another key.
        var found = await store.FindSecretAsync(OrganisationId.Default, Kind, Id, cancellation);
        if (found is null || box.Open(Place, found.Sealed) is null)
            throw new MasterKeyException(
                "The store was filled under another master key. Start with the key that belongs to it (master.key, --master-key-file or "
                + "SYMBOLON_MASTER_KEY_FILE); nothing was changed.");
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        var value = RandomNumberGenerator.GetBytes(16);
        var put = new Change.PutSecret(
            Kind, Id, ExpectedVersion: 0, box.Seal(Place, value), box.Fingerprint(OrganisationId.Default, value));
        var record = new AuditEvent
        {
            Kind = AuditKind.AdminChange,
            Time = clock.Microseconds(),
            By = "system",
            Allowed = true,
            Target = "store",
            Action = "bound to the master key",
        };
        await changes.CommitAsync(OrganisationId.Default, [put], [record], cancellation);
    }
}

using System.Security.Cryptography;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Keys;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Sealing;
using Symbolon.Core.Snapshot;
using Symbolon.Jose.Signatures;

namespace Symbolon.AuthorizationServer.Keys;

/// <summary>
/// Changes of an organisation's signing keys: made, rotated, revoked; each with its record. The private key is sealed before it leaves this
/// class, and no node changes the ring of which it has not seen the newest version.
/// </summary>
public sealed class SigningKeyDesk
{
    /// <summary>Kind of the secrets that hold the private keys (PKCS #8), by the key's id.</summary>
    internal const string SecretKind = "signing-key";

    private readonly IConfigurationStore store;
    private readonly ChangeDesk desk;
    private readonly ISecretBox box;
    private readonly TimeProvider clock;
    private readonly KeySchedule schedule;

    public SigningKeyDesk(IConfigurationStore store, ChangeDesk desk, ISecretBox box, AuthorizationServerOptions options, TimeProvider clock)
    {
        (this.store, this.desk, this.box, this.clock) = (store, desk, box, clock);
        schedule = new KeySchedule(options);
    }

    /// <summary>Makes the next key, which signs once every cached key set has it; at once where none signs.</summary>
    /// <returns>The new key; <c>conflict</c> while another one is prepared already.</returns>
    public async Task<Result<SigningKey>> RotateAsync(Requester requester, string? reason, CancellationToken cancellation)
    {
        var (ring, version) = await ReadAsync(requester.Organisation, cancellation);
        var now = clock.Microseconds();
        if (KeySchedule.Prepared(ring, now) is { } waiting)
            return await desk.RefuseAsync(requester, new ChangeNote("rotate", $"SigningKey/{waiting.Id}") { Reason = reason },
                ChangeError.Conflict("rotation_under_way", $"Key {waiting.Id} is published already and signs from {UnixTime.FromMicroseconds(waiting.ActiveFrom):yyyy-MM-dd HH:mm:ss} UTC on."));
        var (key, secret) = Make(requester.Organisation, now, schedule.ActiveFrom(ring, now));
        var next = KeySchedule.Pruned(ring with { Keys = ring.Keys.Add(key) }, now);
        var note = new ChangeNote("prepare", $"SigningKey/{key.Id}") { Reason = reason, ObjectVersion = version + 1 };
        var done = await desk.CommitAsync(requester, note, [new Change.PutObject(ObjectKey.SigningKeys, version, next), secret], cancellation);
        return done.Select(_ => key);
    }

    /// <summary>
    /// A key is lost: what it signed is refused from now on, it leaves the key set, and where it was the one that signs, another does at once.
    /// </summary>
    public async Task<Result<SigningKey>> RevokeAsync(Requester requester, string id, string? reason, CancellationToken cancellation)
    {
        var note = new ChangeNote("revoke", "SigningKey") { Reason = reason };
        var (ring, version) = await ReadAsync(requester.Organisation, cancellation);
        if (ring.Find(id) is not { } key) return await desk.RefuseAsync(requester, note, ChangeError.NotFound("such signing key"));
        note = note with { Target = $"SigningKey/{id}", ObjectVersion = version + 1 };
        if (key.IsRevoked) return await desk.RefuseAsync(requester, note, ChangeError.Conflict("revoked", "This key is revoked already."));
        var now = clock.Microseconds();
        var revoked = key with { RevokedAt = now };
        var next = ring with { Keys = ring.Keys.Replace(key, revoked) };
        // To the end of time: whoever has the key can write any time of issue.
        var changes = new List<Change> { new Change.RaiseEpoch(RevocationLevel.Key, id, UnixTime.ToMicroseconds(DateTimeOffset.MaxValue)) };
        if (next.SignerAt(now) is not { } signer || ring.SignerAt(now) == key)
        {
            // Not an older one, which was to be gone, nor the prepared one later: nothing may wait until then.
            var (fresh, secret) = Make(requester.Organisation, now, now);
            next = next with { Keys = next.Keys.Add(fresh) };
            changes.Add(secret);
        }
        changes.Add(new Change.PutObject(ObjectKey.SigningKeys, version, next));
        var done = await desk.CommitAsync(requester, note, changes, cancellation);
        return done.Select(_ => revoked);
    }

    /// <summary>Makes a key where one is due; a node that was faster is no error.</summary>
    internal async Task EnsureAsync(OrganisationId organisation, CancellationToken cancellation)
    {
        var (ring, _) = await ReadAsync(organisation, cancellation);
        var now = clock.Microseconds();
        if (!schedule.IsDue(ring, now) || KeySchedule.Prepared(ring, now) is not null) return;
        await RotateAsync(new Requester(organisation, "system"), null, cancellation);
    }

    internal TimeSpan Interval => schedule.Interval;

    private async Task<(SigningKeyRing Ring, long Version)> ReadAsync(OrganisationId organisation, CancellationToken cancellation) =>
        await store.FindObjectAsync(organisation, ObjectKey.SigningKeys, cancellation) is { Item: SigningKeyRing ring, Version: var version }
            ? (ring, version) : (SigningKeyRing.Empty, 0);

    private (SigningKey Key, Change.PutSecret Secret) Make(OrganisationId organisation, long now, long activeFrom)
    {
        using var fresh = Es256SigningKey.Generate();
        var id = fresh.PublicKey.Thumbprint.ToString();
        var pkcs8 = fresh.ExportPkcs8();
        try
        {
            var sealedKey = box.Seal(new SecretPlace(organisation, SecretKind, id, 1), pkcs8);
            return (new SigningKey { Id = id, Jwk = fresh.PublicKey.ToJson(), CreatedAt = now, ActiveFrom = activeFrom },
                new Change.PutSecret(SecretKind, id, 0, sealedKey, box.Fingerprint(organisation, pkcs8)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }
}

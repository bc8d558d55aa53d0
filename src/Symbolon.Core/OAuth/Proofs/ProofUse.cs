using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Jose;

namespace Symbolon.Core.OAuth.Proofs;

/// <summary>
/// That something which is good for one time was used: a proof of DPoP, a client's assertion, a code. To be made durable before anything is done on it, in one
/// of three ways: with the audit record of what it is used for (<see cref="Audit.AuditEvent.Proof"/>: no commit of its own), with a change
/// (<c>Change.UseProof</c>), or by <c>IProofUses</c>. The store's row decides which of several uses is the first, across nodes and restarts.
/// </summary>
public sealed class ProofUse(OrganisationId organisation, Sha256Value proof, long expiresAt)
{
    /// <summary>Bytes of <see cref="ToBytes"/>.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    private static readonly ulong ThisProcess = BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private static ulong made;

    private volatile bool isReplay;

    public OrganisationId Organisation => organisation;

    /// <summary>Two uses of one proof are the same to it.</summary>
    public static IEqualityComparer<ProofUse> SameProof { get; } =
        EqualityComparer<ProofUse>.Create((a, b) => a!.Organisation == b!.Organisation && a.Key == b.Key, use => use.Key.GetHashCode());

    /// <summary>What was used, one value for every spelling of it: for a proof of DPoP the SHA-256 over the key's thumbprint, the canonical URL and <c>jti</c>. 32 bytes.</summary>
    public byte[] ToBytes() => proof.ToBytes();

    /// <summary>Microseconds since the Unix epoch, from which on no node accepts it for its age.</summary>
    public long ExpiresAt => expiresAt;

    /// <summary>The use of an id that its maker may use once.</summary>
    /// <param name="maker">Whose id it is: the id of a client for its assertions; a text with a blank, which no client's id has, for what we made ourselves.</param>
    /// <param name="expiresAt">Microseconds since the Unix epoch, from which on every node refuses it by itself, tolerance included.</param>
    public static ProofUse Of(OrganisationId organisation, string maker, string id, long expiresAt) =>
        new(organisation, Sha256Value.Of(Encoding.UTF8.GetBytes($"{maker.Length}:{maker}{id}")), expiresAt);

    /// <summary>Writes <see cref="ToBytes"/>.</summary>
    public void CopyTo(Span<byte> destination) => proof.CopyTo(destination);

    private Sha256Value Key => proof;

    /// <summary>Tells this use from every other of the same proof, so that a commit that is tried again does not find itself.</summary>
    public Guid Id { get; } = NewId();

    /// <summary>The store has seen the proof before. Says something only once the store has answered.</summary>
    public bool IsReplay => isReplay;

    /// <summary>The order of <see cref="ToBytes"/>, for whoever writes several at once.</summary>
    public int CompareTo(ProofUse other) => Key.CompareTo(other.Key);

    /// <summary>Called by the store.</summary>
    public void Reject() => isReplay = true;

    /// <summary>No two alike, and nothing that anybody must not guess: a number behind a random one of this process, which costs no call of the system.</summary>
    private static Guid NewId()
    {
        Span<byte> id = stackalloc byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(id, ThisProcess);
        BinaryPrimitives.WriteUInt64BigEndian(id[sizeof(ulong)..], Interlocked.Increment(ref made));
        return new Guid(id);
    }
}

using System.Security.Cryptography;
using Symbolon.Core.Announcements;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Revocation;

namespace Symbolon.Core.Snapshot;

/// <summary>
/// Everything that writes configuration goes through here: the changes and their audit records are one transaction. When it returns
/// it is durable, and this node's <see cref="Configuration"/> already has it.
/// </summary>
public interface IChangeLog
{
    /// <summary>Commits all changes and the records, or nothing.</summary>
    /// <param name="records">At least one; the first says who makes the changes, and when.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be written; nothing was changed.</exception>
    Task<CommitResult> CommitAsync(OrganisationId organisation, IReadOnlyList<Change> changes, IReadOnlyList<AuditEvent> records, CancellationToken cancellation);
}

/// <summary>One write. What is expected to be there is part of it, never read first.</summary>
public abstract record Change
{
    private Change() { }

    /// <summary>Creates an object (<paramref name="ExpectedVersion"/> 0) or replaces exactly that version; the version grows by one and the history keeps each.</summary>
    /// <param name="Item">One of the configuration objects of <see cref="Configuration"/>.</param>
    public sealed record PutObject(ObjectKey Key, long ExpectedVersion, object Item) : Change;

    /// <summary>Adds a token; its hash and id must be new.</summary>
    public sealed record InsertToken(TokenRecord Token, TokenHash Secret) : Change;

    /// <summary>Gives a live token another secret. Conflict when it is unknown or revoked.</summary>
    public sealed record RotateToken(TokenId Token, TokenHash Secret, long At) : Change;

    /// <summary>Marks a token revoked and raises its epoch. No conflict when it already is.</summary>
    public sealed record RevokeToken(TokenId Token, long At) : Change;

    /// <summary>Raises a not-before epoch; an older value changes nothing.</summary>
    public sealed record RaiseEpoch(RevocationLevel Level, string Target, long NotBefore) : Change;

    /// <summary>Stores a sealed secret as this version (<paramref name="ExpectedVersion"/> + 1).</summary>
    public sealed record PutSecret(string Kind, string Id, long ExpectedVersion, byte[] Sealed, byte[] Fingerprint) : Change;

    /// <summary>Ends a sealed secret for good: its bytes go, its name and the number of its version stay. No conflict where there is none, unless a version is expected.</summary>
    /// <param name="ExpectedVersion">0 for whichever is there.</param>
    public sealed record DestroySecret(string Kind, string Id, long ExpectedVersion = 0) : Change;

    /// <summary>Opens a review (<see cref="Review.Revision"/> 0) or replaces exactly that revision, which grows by one.</summary>
    public sealed record PutReview(Review Review) : Change;

    /// <summary>Uses what is good for one time and came with the wish for this change. Conflict for a replay. The last ones of a list, in the order of <see cref="ProofUse.CompareTo"/>.</summary>
    public sealed record UseProof(ProofUse Use) : Change;

    /// <summary>Has an API told a security event that means nothing. Conflict where it is told none.</summary>
    /// <param name="State">A text that the event carries, or empty.</param>
    public sealed record TestEvents(string Client, string State) : Change
    {
        public string Id { get; } = SecurityEvents.SecurityEvent.NewId();
    }

    /// <summary>Has the webhook told of these changes, if and only if they are committed. Nothing where the node has no webhook; never a conflict.</summary>
    /// <param name="Type">One of <see cref="AnnouncementType"/>.</param>
    /// <param name="Server">The server that it is about, or empty.</param>
    /// <param name="Body">
    /// A JSON object without members <c>organisation</c> and <c>server</c>; more than <see cref="AnnouncementBody.MostBytes"/> is
    /// replaced by <see cref="AnnouncementBody.Cut"/>. No secret: it leaves the house.
    /// </param>
    public sealed record Announce(string Type, string Server, string Body) : Change
    {
        public string Id { get; } = "msg_" + RandomNumberGenerator.GetHexString(32, lowercase: true);

        public string Body { get; } = AnnouncementBody.Bounded(Body);
    }
}

public abstract record CommitResult
{
    private CommitResult() { }

    /// <summary>Durable. <paramref name="Revision"/> is the configuration's revision with these changes.</summary>
    public sealed record Committed(long Revision) : CommitResult;

    /// <summary>Nothing was written: this change did not find what it expected.</summary>
    public sealed record Conflict(Change Change) : CommitResult;
}

/// <summary>The store cannot be reached or written.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Reads of configuration, for the feed and for the admin API's versions and history.</summary>
public interface IConfigurationStore
{
    /// <summary>The store's present revision; one cheap read.</summary>
    Task<long> RevisionAsync(CancellationToken cancellation);

    /// <summary>Calls back when another process may have changed the configuration, and once at the start; ends when cancelled or cut off.</summary>
    /// <exception cref="StoreUnavailableException">The store is cut off: changes may be missed until it is called again.</exception>
    Task ListenAsync(Func<Task> changed, CancellationToken cancellation) => Task.Delay(Timeout.Infinite, cancellation);

    /// <summary>All that changed after the revision, whole objects, in one consistent read.</summary>
    Task<ConfigurationChanges> ReadSinceAsync(long revision, CancellationToken cancellation);

    /// <returns>The object with its version, or null.</returns>
    Task<(object Item, long Version)?> FindObjectAsync(OrganisationId organisation, ObjectKey key, CancellationToken cancellation);

    /// <returns>The object as it was in this version, or null.</returns>
    Task<object?> FindVersionAsync(OrganisationId organisation, ObjectKey key, long version, CancellationToken cancellation);

    /// <summary>Versions that a history has at most: the newest.</summary>
    const int MostVersions = 1000;

    /// <summary>The newest <see cref="MostVersions"/> versions of an object, oldest first.</summary>
    Task<IReadOnlyList<ObjectVersion>> HistoryAsync(OrganisationId organisation, ObjectKey key, CancellationToken cancellation);

    /// <returns>The newest sealed secret with its version, or null.</returns>
    Task<SealedSecret?> FindSecretAsync(OrganisationId organisation, string kind, string id, CancellationToken cancellation);

    /// <summary>Places of stored secrets that have this fingerprint, newest versions only.</summary>
    Task<IReadOnlyList<string>> SecretsWithFingerprintAsync(OrganisationId organisation, string kind, byte[] fingerprint, CancellationToken cancellation);
}

public sealed record ObjectVersion(long Version, object Item, string ChangedBy, long ChangedAt);

/// <summary>A secret as it rests: without bytes where it was destroyed, else sealed for <c>SecretPlace(organisation, Kind, Id, Version)</c>. Kind <c>upstream</c> is what servers are shown.</summary>
public sealed record SealedSecret(string Kind, string Id, long Version, byte[] Sealed, byte[] Fingerprint)
{
    /// <summary>Microseconds since the Unix epoch; null where it was not kept yet.</summary>
    public long? StoredAt { get; init; }
}

/// <summary>Tokens at rest. Writes go through <see cref="IChangeLog"/>.</summary>
public interface ITokenStore
{
    /// <summary>One indexed read.</summary>
    Task<TokenRecord?> FindBySecretAsync(TokenHash secret, CancellationToken cancellation);

    Task<TokenRecord?> FindAsync(OrganisationId organisation, TokenId id, CancellationToken cancellation);

    /// <summary>In the query's order, behind <paramref name="after"/>; at most <paramref name="limit"/> (1 to 1001).</summary>
    Task<IReadOnlyList<TokenRecord>> ListAsync(OrganisationId organisation, TokenQuery query, TokenMark? after, int limit, CancellationToken cancellation);

    /// <summary>Those that end first, after <paramref name="now"/> and up to <paramref name="until"/> (microseconds); what was revoked, or ended with its holder or organisation, is left out.</summary>
    /// <param name="limit">1 to 1000.</param>
    Task<IReadOnlyList<TokenRecord>> NextToEndAsync(OrganisationId organisation, long now, long until, int limit, CancellationToken cancellation);
}

using System.Data.Common;
using Dapper;
using Symbolon.Core.Identity;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Documents;

namespace Symbolon.Storage.Writing;

/// <summary>
/// Writes changes within the transaction that is open. The revision is taken first: its row stays locked until the commit, so revisions
/// become visible in their order. Each statement names what it expects to find; nothing is read first.
/// </summary>
internal sealed class ChangeWriter(DbConnection connection, OrganisationId organisation, string by, long at)
{
    /// <summary>There is a webhook to be told.</summary>
    public bool Announces { get; init; }

    public CommitResult Write(IReadOnlyList<Change> changes)
    {
        var revision = connection.QuerySingle<long>("UPDATE counter SET value=value+1 WHERE name='revision' RETURNING value");
        var events = new SecurityEventRows(connection, organisation, by, at, revision);
        foreach (var change in changes)
            if (!Write(change, revision, events)) return new CommitResult.Conflict(change);
        return new CommitResult.Committed(revision);
    }

    private bool Write(Change change, long revision, SecurityEventRows events) => change switch
    {
        Change.PutObject put => Put(put, revision, events),
        Change.InsertToken insert => Insert(insert),
        Change.RotateToken rotate => Rotate(rotate, revision),
        Change.RevokeToken revoke => Revoke(revoke, revision, events),
        Change.RaiseEpoch raise => Raise(raise.Level, raise.Target, Math.Max(raise.NotBefore, LastIssue(raise)), revision, events),
        Change.PutSecret secret => Put(secret, revision),
        Change.DestroySecret secret => Destroy(secret, revision),
        Change.PutReview put => ReviewRows.TryPut(connection, organisation, put.Review),
        Change.TestEvents test => events.Add(test),
        Change.UseProof proof => ProofRows.TryUse(connection, proof.Use),
        Change.Announce announce => !Announces || AnnouncementRows.Add(connection, organisation, announce, at),
        _ => throw new ArgumentException($"Not a change: {change.GetType()}", nameof(change)),
    };

    private bool Put(Change.PutObject put, long revision, SecurityEventRows events)
    {
        var row = new
        {
            organisation = organisation.Value, kind = put.Key.Kind.ToString(), name = StorableText.Require(put.Key.Name, "a name"),
            expected = put.ExpectedVersion, version = put.ExpectedVersion + 1, revision, document = StoredDocument.Write(put.Item),
            at, by = StorableText.Require(by, "who made the change"),
        };
        var written = connection.QuerySingleOrDefault<long?>(put.ExpectedVersion == 0
            ? """
              INSERT INTO object (organisation, kind, name, version, revision, document, updated_at, updated_by)
              VALUES (@organisation, @kind, @name, @version, @revision, @document, @at, @by)
              ON CONFLICT (organisation, kind, name) DO NOTHING RETURNING version
              """
            : """
              UPDATE object SET version=@version, revision=@revision, document=@document, updated_at=@at, updated_by=@by
              WHERE organisation=@organisation AND kind=@kind AND name=@name AND version=@expected RETURNING version
              """, row);
        if (written is null) return false;
        connection.Execute("""
            INSERT INTO object_version (organisation, kind, name, version, document, changed_at, changed_by)
            VALUES (@organisation, @kind, @name, @version, @document, @at, @by)
            """, row);
        events.Note(put);
        return true;
    }

    private bool Insert(Change.InsertToken insert)
    {
        var token = insert.Token;
        var written = connection.QuerySingleOrDefault<string>("""
            INSERT INTO token (organisation, id, secret, "user", agent, workflow, expires_at, issued_at, document)
            VALUES (@organisation, @id, @secret, @user, @agent, @workflow, @expires, @issued, @document)
            ON CONFLICT DO NOTHING RETURNING id
            """, new
        {
            organisation = organisation.Value, id = StorableText.Require(token.Id.Value, "a token's id"), secret = insert.Secret.ToBytes(),
            user = token.Holder.User?.Value, agent = token.Holder.Agent?.Value, workflow = token.Holder.Workflow?.Value,
            expires = token.ExpiresAt, issued = token.IssuedAt,
            // What changes later is in columns of its own.
            document = StoredDocument.Write(token with { RevokedAt = null, RotatedAt = null, LastUsedAt = null }),
        });
        if (written is null) return false;
        foreach (var server in token.Servers.Select(access => access.Server.Value).Distinct())
            connection.Execute("INSERT INTO token_server (organisation, server, token) VALUES (@organisation, @server, @token)",
                new { organisation = organisation.Value, server, token = token.Id.Value });
        return true;
    }

    private bool Rotate(Change.RotateToken rotate, long revision) => connection.QuerySingleOrDefault<string>("""
        UPDATE token SET secret=@secret, rotated_at=@at, rotated_revision=@revision
        WHERE organisation=@organisation AND id=@id AND revoked_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM token AS other WHERE other.secret=@secret) RETURNING id
        """, new { organisation = organisation.Value, id = rotate.Token.Value, secret = rotate.Secret.ToBytes(), at = rotate.At, revision }) is not null;

    private bool Revoke(Change.RevokeToken revoke, long revision, SecurityEventRows events)
    {
        var issued = connection.QuerySingleOrDefault<long?>("""
            UPDATE token SET revoked_at=coalesce(revoked_at, @at) WHERE organisation=@organisation AND id=@id RETURNING issued_at
            """, new { organisation = organisation.Value, id = revoke.Token.Value, at = revoke.At });
        // A clock that went back must not leave the token alive: the epoch is never before its issue.
        return issued is { } issuedAt && Raise(RevocationLevel.Token, revoke.Token.Value, Math.Max(revoke.At, issuedAt), revision, events);
    }

    /// <summary>The last issue after the epoch that the target has; as for a token, a clock that is behind must leave none alive.</summary>
    private long LastIssue(Change.RaiseEpoch raise)
    {
        var isOfTarget = raise.Level switch
        {
            RevocationLevel.Token => "id=@target",
            RevocationLevel.User => "\"user\"=@target",
            RevocationLevel.Agent => "agent=@target",
            RevocationLevel.Workflow => "workflow=@target",
            RevocationLevel.Server => "EXISTS (SELECT 1 FROM token_server AS named WHERE named.organisation=token.organisation AND named.server=@target AND named.token=token.id)",
            RevocationLevel.Organisation => "organisation=@target",
            // Whose tokens draw on a grant is decided at each call: here it may be anybody's.
            RevocationLevel.Grant => "@target <> ''",
            // No token of the store hangs on these; those that do carry their time of issue themselves.
            RevocationLevel.Client or RevocationLevel.Authorization or RevocationLevel.Key or RevocationLevel.Credential => null,
            _ => throw new ArgumentOutOfRangeException(nameof(raise), raise.Level, null),
        };
        if (isOfTarget is null) return 0;
        return connection.QuerySingle<long>(
            $"SELECT coalesce(max(issued_at), 0) FROM token WHERE organisation=@organisation AND issued_at > @notBefore AND {isOfTarget}",
            new { organisation = organisation.Value, target = StorableText.Require(raise.Target, "the target"), notBefore = raise.NotBefore });
    }

    private bool Raise(RevocationLevel level, string target, long notBefore, long revision, SecurityEventRows events)
    {
        var raised = connection.Execute("""
            INSERT INTO epoch (organisation, level, target, not_before, revision) VALUES (@organisation, @level, @target, @notBefore, @revision)
            ON CONFLICT (organisation, level, target) DO UPDATE SET not_before=excluded.not_before, revision=excluded.revision
            WHERE epoch.not_before < excluded.not_before
            """, new { organisation = organisation.Value, level = level.ToString(), target = StorableText.Require(target, "the target"), notBefore, revision });
        if (raised > 0) events.Add(level, target, notBefore);
        return true;
    }

    private bool Put(Change.PutSecret put, long revision) => connection.QuerySingleOrDefault<long?>(put.ExpectedVersion == 0
        ? """
          INSERT INTO secret (organisation, kind, id, version, revision, sealed, fingerprint, stored_at)
          SELECT @organisation, @kind, @id, @version, @revision, @value, @fingerprint, @at
          WHERE NOT EXISTS (SELECT 1 FROM secret AS twin WHERE twin.organisation=@organisation AND twin.kind=@kind AND twin.fingerprint=@fingerprint)
          ON CONFLICT (organisation, kind, id) DO NOTHING RETURNING version
          """
        : """
          UPDATE secret SET version=@version, revision=@revision, sealed=@value, fingerprint=@fingerprint, stored_at=@at
          WHERE organisation=@organisation AND kind=@kind AND id=@id AND version=@expected
          AND NOT EXISTS (SELECT 1 FROM secret AS twin WHERE twin.organisation=@organisation AND twin.kind=@kind AND twin.fingerprint=@fingerprint AND twin.id <> @id)
          RETURNING version
          """, new
    {
        organisation = organisation.Value, kind = StorableText.Require(put.Kind, "a secret's kind"), id = StorableText.Require(put.Id, "a secret's name"),
        expected = put.ExpectedVersion, version = put.ExpectedVersion + 1, revision, value = put.Sealed, fingerprint = put.Fingerprint, at,
    }) is not null;

    /// <summary>The fingerprint goes too: the value may serve another server, which it is given as a secret of its own.</summary>
    private bool Destroy(Change.DestroySecret secret, long revision)
    {
        var ended = connection.Execute("""
            UPDATE secret SET version=version+1, revision=@revision, sealed=@nothing, fingerprint=@nothing
            WHERE organisation=@organisation AND kind=@kind AND id=@id AND length(sealed) > 0 AND (@expected = 0 OR version=@expected)
            """, new { organisation = organisation.Value, kind = secret.Kind, id = secret.Id, revision, nothing = Array.Empty<byte>(), expected = secret.ExpectedVersion });
        return ended > 0 || secret.ExpectedVersion == 0;
    }
}

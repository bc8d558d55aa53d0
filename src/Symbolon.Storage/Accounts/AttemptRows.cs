using System.Data.Common;
using Dapper;
using Symbolon.Core.Accounts;
using Symbolon.Core.Identity;

namespace Symbolon.Storage.Accounts;

/// <summary>The rows that count attempts to sign in, within the transaction that is open.</summary>
internal static class AttemptRows
{
    /// <returns>Null where it was counted; else until when nobody may try.</returns>
    public static long? Count(DbConnection connection, OrganisationId organisation, AttemptRule rule, TokenHash subject, long now)
    {
        var row = new
        {
            organisation = organisation.Value, kind = rule.Kind, subject = subject.ToBytes(), now, forgotten = now - rule.Remembered,
            free = (long)rule.Free, wait = AttemptRule.Wait, most = (long)AttemptRule.MostDoublings,
        };
        var counted = connection.QuerySingleOrDefault<long?>("""
            INSERT INTO sign_in_attempt (organisation, kind, subject, failures, locked_until, last_at) VALUES (@organisation, @kind, @subject, 1, @now, @now)
            ON CONFLICT (organisation, kind, subject) DO UPDATE SET
                failures=CASE WHEN sign_in_attempt.last_at < @forgotten THEN 1 ELSE sign_in_attempt.failures + 1 END,
                locked_until=@now + CASE WHEN sign_in_attempt.last_at < @forgotten OR sign_in_attempt.failures < @free THEN 0
                    WHEN sign_in_attempt.failures - @free > @most THEN @wait * (1 << CAST(@most AS integer))
                    ELSE @wait * (1 << CAST(sign_in_attempt.failures - @free AS integer)) END,
                last_at=@now
            WHERE sign_in_attempt.locked_until <= @now RETURNING failures
            """, row);
        return counted is not null ? null
            : connection.QuerySingle<long>("SELECT locked_until FROM sign_in_attempt WHERE organisation=@organisation AND kind=@kind AND subject=@subject", row);
    }

    /// <summary>Who succeeded has an account without failures, and the attempt is none of the network's. In a known browser it is that browser alone that has none.</summary>
    public static void TakeBack(DbConnection connection, OrganisationId organisation, SignInAttempt attempt)
    {
        connection.Execute("DELETE FROM sign_in_attempt WHERE organisation=@organisation AND kind=@kind AND subject=@subject",
            new { organisation = organisation.Value, kind = (attempt.Device is null ? AttemptRule.OfAccount : AttemptRule.OfDevice).Kind, subject = (attempt.Device ?? attempt.Account).ToBytes() });
        if (attempt.Device is null && attempt.Peer is { } peer)
            connection.Execute("""
                UPDATE sign_in_attempt SET failures=failures - 1, locked_until=@at WHERE organisation=@organisation AND kind=@kind AND subject=@subject AND failures > 0
                """, new { organisation = organisation.Value, kind = AttemptRule.OfPeer.Kind, subject = peer.ToBytes(), at = attempt.At });
    }
}

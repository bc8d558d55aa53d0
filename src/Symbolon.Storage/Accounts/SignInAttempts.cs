using Dapper;
using Symbolon.Core.Accounts;
using Symbolon.Core.Identity;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage.Accounts;

/// <summary>Attempts to sign in, a row for each account and each network that has failures to remember.</summary>
internal sealed class SignInAttempts(StoreWriter writer) : ISignInAttempts
{
    public Task<long?> BeginAsync(OrganisationId organisation, SignInAttempt attempt, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return writer.RunAsync<long?>(transaction =>
        {
            var connection = transaction.Connection;
            connection.Execute("DELETE FROM sign_in_attempt WHERE last_at < @forgotten AND locked_until <= @at",
                new { forgotten = attempt.At - AttemptRule.OfAccount.Remembered, at = attempt.At });
            // In one order, so that two nodes cannot wait for each other.
            var until = attempt.Device is { } device ? AttemptRows.Count(connection, organisation, AttemptRule.OfDevice, device, attempt.At) : AttemptRows.Count(connection, organisation, AttemptRule.OfAccount, attempt.Account, attempt.At)
                ?? (attempt.Peer is { } peer ? AttemptRows.Count(connection, organisation, AttemptRule.OfPeer, peer, attempt.At) : null);
            return (until, until is null);
        });
    }
}

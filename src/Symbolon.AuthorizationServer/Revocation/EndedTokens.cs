using Symbolon.Core.OAuth;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Revocation;

/// <summary>
/// Counts the live tokens that a revocation ended, once it acts: counting first would hold it up. None at all is the hint at a name
/// that is spelt wrong.
/// </summary>
public sealed class EndedTokens(Configuration configuration, ITokenStore tokens)
{
    private const int AtOnce = 1000;

    /// <summary>An answer must not wait for the reading of a whole store.</summary>
    private const int MostRead = 10_000;

    /// <param name="target">As it was found before the revocation.</param>
    /// <param name="epoch">The revocation, as it is in force.</param>
    /// <param name="earlier">The epoch of the same target before it, or null.</param>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <returns>Null when it cannot be told: the store is away, or more than 10,000 tokens would have to be read.</returns>
    public async Task<int?> CountAsync(RevocationTarget target, Epoch epoch, long? earlier, long now, CancellationToken cancellation)
    {
        if (epoch.Level == RevocationLevel.Token)
            return target.Token is not { } token ? null : WasLive(token, epoch, earlier, now) ? 1 : 0;
        // The store has no token that hangs on these, and what a grant gave may be another's too.
        if (epoch.Level is RevocationLevel.Client or RevocationLevel.Authorization or RevocationLevel.Key or RevocationLevel.Grant or RevocationLevel.Credential) return null;
        var query = new TokenQuery
        {
            User = epoch.Level == RevocationLevel.User ? epoch.Target : null,
            Agent = epoch.Level == RevocationLevel.Agent ? epoch.Target : null,
            Workflow = epoch.Level == RevocationLevel.Workflow ? epoch.Target : null,
            Server = epoch.Level == RevocationLevel.Server ? epoch.Target : null,
            // Not what lives: this revocation acts already, and has ended what is to be counted.
            UnexpiredAt = now,
        };
        var count = 0;
        TokenId? after = null;
        try
        {
            for (var read = 0; read < MostRead; read += AtOnce)
            {
                var page = await tokens.ListAsync(epoch.Organisation, query, after, AtOnce, cancellation);
                count += page.Count(token => WasLive(token, epoch, earlier, now));
                if (page.Count < AtOnce) return count;
                after = page[^1].Id;
            }
            return null;
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            // It is durable all the same.
            return null;
        }
    }

    private bool WasLive(TokenRecord token, Epoch epoch, long? earlier, long now) =>
        !token.IsRevoked && token.ExpiresAt > now && token.IssuedAt <= epoch.NotBefore && !(token.IssuedAt <= earlier)
        && !OtherEpochs(token, epoch).Any(notBefore => token.IssuedAt <= notBefore)
        && (epoch.Level == RevocationLevel.Server || token.Servers.Any(access => !(token.IssuedAt <= NotBefore(epoch, RevocationLevel.Server, access.Server.Value))));

    /// <summary>What else ends this token on every server.</summary>
    private IEnumerable<long?> OtherEpochs(TokenRecord token, Epoch epoch)
    {
        (RevocationLevel Level, string? Target)[] all =
        [
            (RevocationLevel.Token, token.Id.Value), (RevocationLevel.Organisation, token.Organisation.Value), (RevocationLevel.User, token.Holder.User?.Value),
            (RevocationLevel.Agent, token.Holder.Agent?.Value), (RevocationLevel.Workflow, token.Holder.Workflow?.Value),
        ];
        return all.Where(one => one.Target is not null && one.Level != epoch.Level).Select(one => NotBefore(epoch, one.Level, one.Target!));
    }

    private long? NotBefore(Epoch epoch, RevocationLevel level, string target) => configuration.Epochs.Find(epoch.Organisation, level, target)?.NotBefore;
}

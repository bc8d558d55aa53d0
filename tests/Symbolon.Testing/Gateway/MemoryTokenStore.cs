using System.Collections.Concurrent;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;

namespace Symbolon.Testing.Gateway;

/// <summary>Tokens in memory; counts the look-ups by secret, and can be out of order.</summary>
public sealed class MemoryTokenStore : ITokenStore
{
    private readonly ConcurrentDictionary<TokenHash, TokenRecord> tokens = new();
    private int lookUps;

    public int LookUps => Volatile.Read(ref lookUps);

    public bool IsDown { get; set; }

    /// <summary>Runs within each look-up, after the record was read.</summary>
    public Action? WhileLookingUp { get; set; }

    /// <summary>Each look-up ends no sooner than this, after the record was read.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    public void Put(string secret, TokenRecord token) => tokens[PastedToken.Hash(secret)] = token;

    public void Remove(string secret) => tokens.TryRemove(PastedToken.Hash(secret), out _);

    public async Task<TokenRecord?> FindBySecretAsync(TokenHash secret, CancellationToken cancellation)
    {
        Interlocked.Increment(ref lookUps);
        if (IsDown) throw new StoreUnavailableException("The store is down.");
        var found = tokens.GetValueOrDefault(secret);
        WhileLookingUp?.Invoke();
        await Hold;
        return found;
    }

    public Task<TokenRecord?> FindAsync(OrganisationId organisation, TokenId id, CancellationToken cancellation) =>
        Task.FromResult(tokens.Values.FirstOrDefault(token => token.Organisation == organisation && token.Id == id));

    public Task<IReadOnlyList<TokenRecord>> NextToEndAsync(OrganisationId organisation, long now, long until, int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<TokenRecord>>([.. tokens.Values.Where(token => token.Organisation == organisation && token.ExpiresAt > now && token.ExpiresAt <= until).OrderBy(token => token.ExpiresAt).Take(limit)]);

    public Task<IReadOnlyList<TokenRecord>> ListAsync(
        OrganisationId organisation, TokenQuery query, TokenMark? after, int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<TokenRecord>>([.. tokens.Values.Where(token => token.Organisation == organisation).Take(limit)]);
}

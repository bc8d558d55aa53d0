using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Snapshot;

namespace Symbolon.Testing.Fakes;

/// <summary>Authorizations in memory, one step at a time, by the rules of the real store; it can be broken.</summary>
public sealed class FakeAuthorizationStore(IProofUses proofs) : IAuthorizationStore, IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private readonly Dictionary<AuthorizationId, Authorization> authorizations = [];
    private readonly Dictionary<TokenHash, AuthorizationCode> codes = [];
    private readonly Dictionary<TokenHash, RefreshToken> tokens = [];
    private readonly Dictionary<TokenHash, (PushedRequest Request, TokenHash? Browser)> pushed = [];

    public bool IsBroken { get; set; }

    public IReadOnlyCollection<Authorization> All => authorizations.Values;

    /// <summary>Every refresh token that was ever issued.</summary>
    public IReadOnlyCollection<RefreshToken> Tokens => tokens.Values;

    public async Task<AuthorizationCommit> WriteAsync(
        OrganisationId organisation, AuthorizationWrite write, IReadOnlyList<ProofUse> uses, IReadOnlyList<AuditEvent> records, CancellationToken cancellation)
    {
        Check();
        await gate.WaitAsync(cancellation);
        try
        {
            if (!Fits(write)) return AuthorizationCommit.Conflict;
            if (!await proofs.TryUseAsync(uses, records, cancellation)) return AuthorizationCommit.Replayed;
            Do(write);
            return AuthorizationCommit.Done;
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task<PushedRequest?> OpenAsync(OrganisationId organisation, TokenHash request, ClientId client, TokenHash browser, long now, long until, CancellationToken cancellation)
    {
        Check();
        await gate.WaitAsync(cancellation);
        try
        {
            if (!pushed.TryGetValue(request, out var found) || found.Request.Client != client || found.Request.ExpiresAt <= now || (found.Browser is { } other && other != browser)) return null;
            if (found.Browser is null) pushed[request] = (found.Request with { ExpiresAt = until }, browser);
            return pushed[request].Request;
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task<(AuthorizationCode Code, Authorization Authorization)?> FindCodeAsync(OrganisationId organisation, TokenHash code, CancellationToken cancellation)
    {
        Check();
        await gate.WaitAsync(cancellation);
        try
        {
            return codes.TryGetValue(code, out var found) ? (found, authorizations[found.Authorization]) : null;
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task<(RefreshToken Token, Authorization Authorization)?> FindRefreshAsync(OrganisationId organisation, TokenHash token, CancellationToken cancellation)
    {
        Check();
        await gate.WaitAsync(cancellation);
        try
        {
            return tokens.TryGetValue(token, out var found) ? (found, authorizations[found.Authorization]) : null;
        }
        finally
        {
            gate.Release();
        }
    }

    public Task<Authorization?> FindAsync(OrganisationId organisation, AuthorizationId id, CancellationToken cancellation)
    {
        Check();
        return Task.FromResult(authorizations.GetValueOrDefault(id));
    }

    public Task<IReadOnlyList<Authorization>> ListAsync(
        OrganisationId organisation, AuthorizationQuery query, AuthorizationMark? after, long now, int limit, CancellationToken cancellation)
    {
        Check();
        return Task.FromResult<IReadOnlyList<Authorization>>([.. authorizations.Values
            .Where(each => each.ExpiresAt > now && (query.User is null || each.Holder.User == query.User) && (query.Client is null || each.Client == query.Client)
                && (query.Server is null || each.Access.Server == query.Server))
            .OrderByDescending(each => each.CreatedAt).ThenByDescending(each => each.Id.Value, StringComparer.Ordinal)
            .SkipWhile(each => after is not null && each.Id != after.Value.Id).Skip(after is null ? 0 : 1).Take(limit)]);
    }

    private bool Fits(AuthorizationWrite write) => (write.Pushed is not { } answered || pushed.ContainsKey(answered)) && write switch
    {
        AuthorizationWrite.Again again => authorizations.ContainsKey(again.Code.Authorization),
        AuthorizationWrite.Redeem redeem => codes.TryGetValue(redeem.Code, out var code) && code.UsedAt is null && code.ExpiresAt > redeem.At,
        AuthorizationWrite.Rotate rotate => tokens.TryGetValue(rotate.Old, out var token) && token.UsedAt is null && token.ExpiresAt > rotate.At,
        _ => true,
    };

    private void Do(AuthorizationWrite write)
    {
        if (write.Pushed is { } answered) pushed.Remove(answered);
        switch (write)
        {
            case AuthorizationWrite.Push push:
                pushed[push.Request.Hash] = (push.Request, null);
                break;
            case AuthorizationWrite.Grant grant:
                authorizations[grant.Authorization.Id] = grant.Authorization;
                codes[grant.Code.Hash] = grant.Code;
                break;
            case AuthorizationWrite.Again again:
                codes[again.Code.Hash] = again.Code;
                break;
            case AuthorizationWrite.Redeem redeem:
                codes[redeem.Code] = codes[redeem.Code] with { UsedAt = redeem.At };
                tokens.Add(redeem.First.Hash, redeem.First);
                break;
            case AuthorizationWrite.Rotate rotate:
                tokens[rotate.Old] = tokens[rotate.Old] with { UsedAt = rotate.At };
                tokens.Add(rotate.Next.Hash, rotate.Next);
                break;
        }
    }

    public void Dispose() => gate.Dispose();

    private void Check()
    {
        if (IsBroken) throw new StoreUnavailableException("The test broke the store.");
    }
}

using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.Testing.Fakes;

/// <summary>
/// A store in memory that keeps the contract of <see cref="IChangeLog"/>: all or nothing, expected versions, and this node's
/// <see cref="Configuration"/> has a change when the commit returns. It can be broken.
/// </summary>
public sealed class InMemoryStore(Configuration configuration) : IChangeLog, IConfigurationStore, IReviewStore, ITokenStore, IHolderStore, ITokenCounts
{
    private readonly Lock gate = new();
    private readonly Dictionary<(OrganisationId, ObjectKey), List<ObjectVersion>> objects = [];
    private readonly Dictionary<(OrganisationId, string Kind, string Id), SealedSecret> secrets = [];
    private readonly Dictionary<TokenId, (TokenRecord Token, TokenHash Secret)> tokens = [];
    private readonly Dictionary<(OrganisationId, ReviewName), Review> reviews = [];
    private readonly HashSet<ProofUse> used = new(ProofUse.SameProof);
    private long revision;

    /// <summary>While true, every call fails as with a store that cannot be reached.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Runs within a commit before anything is checked, as another administrator who is faster.</summary>
    public Action? BeforeCommit { get; set; }

    /// <summary>Records of the commits, in order.</summary>
    public List<AuditEvent> Committed { get; } = [];

    /// <summary>What the webhook would be told, in order.</summary>
    public List<Change.Announce> Announced { get; } = [];

    public Task<CommitResult> CommitAsync(OrganisationId organisation, IReadOnlyList<Change> changes, IReadOnlyList<AuditEvent> records, CancellationToken cancellation)
    {
        ThrowIfBroken();
        if (BeforeCommit is { } other)
        {
            BeforeCommit = null;
            other();
        }
        lock (gate)
        {
            if (changes.FirstOrDefault(change => Conflicts(organisation, change)) is { } conflict)
                return Task.FromResult<CommitResult>(new CommitResult.Conflict(conflict));
            var items = new List<(OrganisationId, object)>();
            var epochs = new List<Epoch>();
            foreach (var change in changes) Apply(organisation, change, records[0], items, epochs);
            Committed.AddRange(records);
            foreach (var record in records) record.Complete(durable: true);
            configuration.Apply(new ConfigurationChanges(++revision, items, epochs));
            return Task.FromResult<CommitResult>(new CommitResult.Committed(revision));
        }
    }

    public Task<long> RevisionAsync(CancellationToken cancellation)
    {
        ThrowIfBroken();
        lock (gate) return Task.FromResult(revision);
    }

    public Task<ConfigurationChanges> ReadSinceAsync(long revision, CancellationToken cancellation) =>
        throw new NotSupportedException("Tests of the feed use a real store.");

    public Task<(object Item, long Version)?> FindObjectAsync(OrganisationId organisation, ObjectKey key, CancellationToken cancellation)
    {
        ThrowIfBroken();
        lock (gate)
            return Task.FromResult<(object, long)?>(objects.TryGetValue((organisation, key), out var versions) ? (versions[^1].Item, versions[^1].Version) : null);
    }

    public Task<object?> FindVersionAsync(OrganisationId organisation, ObjectKey key, long version, CancellationToken cancellation)
    {
        ThrowIfBroken();
        lock (gate) return Task.FromResult(objects.TryGetValue((organisation, key), out var versions) ? versions.Find(found => found.Version == version)?.Item : null);
    }

    public Task<Review?> FindAsync(OrganisationId organisation, ReviewName name, CancellationToken cancellation)
    {
        ThrowIfBroken();
        lock (gate) return Task.FromResult(reviews.GetValueOrDefault((organisation, name)));
    }

    public Task<IReadOnlyList<Review>> ListAsync(OrganisationId organisation, ReviewState? state, ServerName? server, Review? after, int limit, CancellationToken cancellation)
    {
        ThrowIfBroken();
        lock (gate)
        {
            var wanted = reviews.Where(pair => pair.Key.Item1 == organisation).Select(pair => pair.Value)
                .Where(review => (state is null || review.State == state) && (server is null || review.Name.Server == server))
                .OrderBy(review => review.State != ReviewState.Open).ThenBy(review => review.State == ReviewState.Open ? review.OpenedAt : -review.OpenedAt)
                .ThenBy(review => review.Name.ToString(), StringComparer.Ordinal).ToList();
            return Task.FromResult<IReadOnlyList<Review>>([.. wanted.Skip(after is null ? 0 : wanted.FindIndex(review => review.Name == after.Name) + 1).Take(limit)]);
        }
    }

    public Task<IReadOnlyList<(OrganisationId Organisation, ReviewName Name)>> ExpiredAsync(long now, int limit, CancellationToken cancellation)
    {
        ThrowIfBroken();
        lock (gate)
            return Task.FromResult<IReadOnlyList<(OrganisationId, ReviewName)>>([.. reviews
                .Where(pair => pair.Value.State == ReviewState.Open && pair.Value.ExpiresAt <= now).OrderBy(pair => pair.Value.ExpiresAt).Select(pair => pair.Key).Take(limit)]);
    }

    public Task<int> CountOpenAsync(OrganisationId organisation, CancellationToken cancellation)
    {
        ThrowIfBroken();
        lock (gate) return Task.FromResult(reviews.Count(pair => pair.Key.Item1 == organisation && pair.Value.State == ReviewState.Open));
    }

    public Task<IReadOnlyList<ObjectVersion>> HistoryAsync(OrganisationId organisation, ObjectKey key, CancellationToken cancellation)
    {
        ThrowIfBroken();
        lock (gate) return Task.FromResult<IReadOnlyList<ObjectVersion>>(objects.TryGetValue((organisation, key), out var versions) ? [.. versions] : []);
    }

    public Task<SealedSecret?> FindSecretAsync(OrganisationId organisation, string kind, string id, CancellationToken cancellation)
    {
        ThrowIfBroken();
        lock (gate) return Task.FromResult<SealedSecret?>(secrets.GetValueOrDefault((organisation, kind, id)));
    }

    public Task<IReadOnlyList<string>> SecretsWithFingerprintAsync(OrganisationId organisation, string kind, byte[] fingerprint, CancellationToken cancellation)
    {
        ThrowIfBroken();
        lock (gate)
            return Task.FromResult<IReadOnlyList<string>>([.. secrets
                .Where(pair => pair.Key.Item1 == organisation && pair.Key.Kind == kind && pair.Value.Fingerprint.AsSpan().SequenceEqual(fingerprint))
                .Select(pair => pair.Key.Id)]);
    }

    public Task<TokenRecord?> FindBySecretAsync(TokenHash secret, CancellationToken cancellation)
    {
        ThrowIfBroken();
        lock (gate) return Task.FromResult<TokenRecord?>(tokens.Values.FirstOrDefault(entry => entry.Secret == secret).Token);
    }

    public Task<TokenRecord?> FindAsync(OrganisationId organisation, TokenId id, CancellationToken cancellation)
    {
        ThrowIfBroken();
        lock (gate) return Task.FromResult<TokenRecord?>(tokens.TryGetValue(id, out var entry) && entry.Token.Organisation == organisation ? entry.Token : null);
    }

    public Task<IReadOnlyList<TokenRecord>> ListAsync(OrganisationId organisation, TokenQuery query, TokenMark? after, int limit, CancellationToken cancellation)
    {
        ThrowIfBroken();
        lock (gate)
        {
            var sorted = tokens.Values.Select(entry => entry.Token).Where(token => token.Organisation == organisation && Matches(token, query))
                .OrderBy(token => TokenMark.Of(token, query.Sort).Key).ThenBy(token => token.Id.Value, StringComparer.Ordinal).ToList();
            if (query.Descending) sorted.Reverse();
            var direction = query.Descending ? -1 : 1;
            return Task.FromResult<IReadOnlyList<TokenRecord>>([.. sorted.Where(token => after is not { } mark || Compare(TokenMark.Of(token, query.Sort), mark) * direction > 0).Take(limit)]);
        }

        static int Compare(TokenMark one, TokenMark other) => one.Key != other.Key ? one.Key.CompareTo(other.Key) : Math.Sign(string.CompareOrdinal(one.Id.Value, other.Id.Value));
    }

    public Task<IReadOnlyList<TokenRecord>> NextToEndAsync(OrganisationId organisation, long now, long until, int limit, CancellationToken cancellation)
    {
        ThrowIfBroken();
        lock (gate)
            return Task.FromResult<IReadOnlyList<TokenRecord>>([.. tokens.Values.Select(entry => entry.Token)
                .Where(token => token.Organisation == organisation && !token.IsRevoked && token.ExpiresAt > now && token.ExpiresAt <= until)
                .OrderBy(token => token.ExpiresAt).ThenBy(token => token.Id.Value, StringComparer.Ordinal).Take(limit)]);
    }

    public Task<IReadOnlyList<string>> PeopleAsync(OrganisationId organisation, string? part, string? after, int limit, CancellationToken cancellation)
    {
        ThrowIfBroken();
        lock (gate)
            return Task.FromResult<IReadOnlyList<string>>([.. tokens.Values.Select(entry => entry.Token.Holder.User?.Value).OfType<string>()
                .Where(user => string.CompareOrdinal(user, after ?? "") > 0 && (part is null || user.Contains(part, StringComparison.Ordinal)))
                .Distinct().Order(StringComparer.Ordinal).Take(limit)]);
    }

    public Task<IReadOnlyList<HolderTokens>> TokensAsync(
        OrganisationId organisation, HolderKind kind, IReadOnlyCollection<string> names, long now, CancellationToken cancellation)
    {
        ThrowIfBroken();
        lock (gate)
            return Task.FromResult<IReadOnlyList<HolderTokens>>([.. tokens.Values.Select(entry => entry.Token)
                .Where(token => token.Organisation == organisation && NameIn(token.Holder, kind) is { } name && names.Contains(name))
                .GroupBy(token => NameIn(token.Holder, kind)!)
                .Select(held => new HolderTokens(held.Key, held.Count(token => token.ExpiresAt > now && !configuration.Epochs.IsRevoked(token)), held.Max(token => token.LastUsedAt)))]);
    }

    private static string? NameIn(Holder holder, HolderKind kind) =>
        kind switch { HolderKind.User => holder.User?.Value, HolderKind.Agent => holder.Agent?.Value, _ => holder.Workflow?.Value };

    public Task<TokenCounts> CountAsync(OrganisationId organisation, long now, long soon, CancellationToken cancellation)
    {
        ThrowIfBroken();
        lock (gate)
        {
            var live = tokens.Values.Select(entry => entry.Token)
                .Where(token => token.Organisation == organisation && token.ExpiresAt > now && !configuration.Epochs.IsRevoked(token)).ToList();
            return Task.FromResult(new TokenCounts(live.Count, live.Count(token => token.ExpiresAt <= soon), live.Count(token => token.LastUsedAt is null)));
        }
    }

    private bool Matches(TokenRecord token, TokenQuery query) =>
        (query.User is null || token.Holder.User?.Value == query.User)
        && (query.Agent is null || token.Holder.Agent?.Value == query.Agent)
        && (query.Workflow is null || token.Holder.Workflow?.Value == query.Workflow)
        && (query.Server is null || token.Servers.Any(access => access.Server.Value == query.Server))
        && (query.Initiator is not { } initiator || initiator == (token.Holder.Workflow is not null ? HolderKind.Workflow : token.Holder.Agent is not null ? HolderKind.Agent : HolderKind.User))
        && (query.Text is not { } text || token.Id.Value == text || Has(token.Holder.User?.Value, text) || Has(token.Holder.Agent?.Value, text) || Has(token.Holder.Workflow?.Value, text)
            || token.Servers.Any(access => query.TextServers.Contains(access.Server.Value)))
        && (query.LiveAt is null || (!configuration.Epochs.IsRevoked(token) && token.ExpiresAt > query.LiveAt))
        && (query.UnexpiredAt is null || (!token.IsRevoked && token.ExpiresAt > query.UnexpiredAt))
        && (query.ExpiredAt is null || (!configuration.Epochs.IsRevoked(token) && token.ExpiresAt <= query.ExpiredAt))
        && (query.ExpiresBefore is null || token.ExpiresAt < query.ExpiresBefore)
        && (!query.Revoked || configuration.Epochs.IsRevoked(token) || token.Servers.Any(access => configuration.Epochs.IsRevoked(token, access.Server)));

    private static bool Has(string? name, string text) => name?.Contains(text, StringComparison.Ordinal) == true;

    private bool Conflicts(OrganisationId organisation, Change change) => change switch
    {
        Change.PutObject put => put.ExpectedVersion != (objects.TryGetValue((organisation, put.Key), out var versions) ? versions[^1].Version : 0),
        Change.InsertToken insert => tokens.ContainsKey(insert.Token.Id) || tokens.Values.Any(entry => entry.Secret == insert.Secret),
        Change.RotateToken rotate => !tokens.TryGetValue(rotate.Token, out var entry) || entry.Token.IsRevoked,
        Change.RevokeToken revoke => !tokens.ContainsKey(revoke.Token),
        Change.PutSecret put => put.ExpectedVersion != (secrets.TryGetValue((organisation, put.Kind, put.Id), out var secret) ? secret.Version : 0),
        Change.DestroySecret destroy => destroy.ExpectedVersion != 0 && destroy.ExpectedVersion != (secrets.GetValueOrDefault((organisation, destroy.Kind, destroy.Id))?.Version ?? 0),
        Change.RaiseEpoch or Change.Announce => false,
        Change.UseProof proof => IsReplay(proof.Use),
        Change.PutReview put => put.Review.Revision != (reviews.GetValueOrDefault((organisation, put.Review.Name))?.Revision ?? 0),
        _ => throw new ArgumentException($"Unknown change {change}", nameof(change)),
    };

    private void Apply(OrganisationId organisation, Change change, AuditEvent record, List<(OrganisationId, object)> items, List<Epoch> epochs)
    {
        switch (change)
        {
            case Change.PutObject put:
                var versions = objects.TryGetValue((organisation, put.Key), out var known) ? known : objects[(organisation, put.Key)] = [];
                versions.Add(new ObjectVersion(put.ExpectedVersion + 1, put.Item, record.By ?? "", record.Time));
                items.Add((organisation, put.Item));
                break;
            case Change.InsertToken insert:
                tokens[insert.Token.Id] = (insert.Token, insert.Secret);
                break;
            case Change.RotateToken rotate:
                tokens[rotate.Token] = (tokens[rotate.Token].Token with { RotatedAt = rotate.At }, rotate.Secret);
                items.Add((organisation, new TokenRotation(organisation, rotate.Token, rotate.At)));
                break;
            case Change.RevokeToken revoke:
                var (token, secret) = tokens[revoke.Token];
                tokens[revoke.Token] = (token with { RevokedAt = token.RevokedAt ?? revoke.At }, secret);
                epochs.Add(new Epoch(organisation, RevocationLevel.Token, revoke.Token.Value, revoke.At));
                break;
            case Change.RaiseEpoch raise:
                epochs.Add(new Epoch(organisation, raise.Level, raise.Target, raise.NotBefore));
                break;
            case Change.PutReview put:
                reviews[(organisation, put.Review.Name)] = put.Review with { Revision = put.Review.Revision + 1 };
                break;
            case Change.DestroySecret destroy when secrets.TryGetValue((organisation, destroy.Kind, destroy.Id), out var ended):
                var rest = new SealedSecret(ended.Kind, ended.Id, ended.Version + 1, [], []);
                secrets[(organisation, ended.Kind, ended.Id)] = rest;
                items.Add((organisation, rest));
                break;
            case Change.PutSecret put:
                var stored = new SealedSecret(put.Kind, put.Id, put.ExpectedVersion + 1, put.Sealed, put.Fingerprint) { StoredAt = record.Time };
                secrets[(organisation, put.Kind, put.Id)] = stored;
                items.Add((organisation, stored));
                break;
            case Change.UseProof proof:
                used.Add(proof.Use);
                break;
            case Change.Announce announce:
                Announced.Add(announce);
                break;
        }
    }

    private bool IsReplay(ProofUse use)
    {
        if (!used.Contains(use)) return false;
        use.Reject();
        return true;
    }

    private void ThrowIfBroken()
    {
        if (IsBroken) throw new StoreUnavailableException("The test broke the store.");
    }
}

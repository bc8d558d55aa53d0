using System.Collections.Immutable;
using Symbolon.Client.Http;
using Symbolon.Client.Keys;

namespace Symbolon.Client.Credentials;

/// <summary>
/// A server's own credential for the API behind it, by a key that only this instance has. Tokens are fetched when they are needed, refreshed ahead of their
/// end and never written anywhere. Use it through <see cref="Calls.SymbolonHandler"/>. Safe to use from many threads.
/// </summary>
public sealed class ServerCredential : IDisposable
{
    /// <summary>Of the key's life, from the enrolment to the end that Symbolon names: what must be left of it.</summary>
    private const double LeastRest = 1.0 / 3;
    private const int MostFormer = 16;
    private static readonly TimeSpan LeastRotation = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LeastRenewal = TimeSpan.FromMinutes(1);

    /// <summary>For so long a node of Symbolon may not have heard of a key that another node has taken; it knows the one before.</summary>
    private static readonly TimeSpan Spreading = TimeSpan.FromSeconds(10);

    private readonly HttpClient http;
    private readonly bool ownsHttp;
    private readonly TimeProvider clock;
    private readonly SymbolonAddress symbolon;
    private readonly KeySuccession succession;
    private readonly TimeSpan? rotateEvery;
    private readonly OwnToken own;
    private readonly ExchangedTokens exchanged;
    private readonly SemaphoreSlim turn = new(1);
    private readonly double share = LeastRest * (0.75 + Random.Shared.NextDouble() / 4);
    private volatile Enrolled current;
    /// <summary>Timestamp of the last try that failed; null while none has since the last success.</summary>
    private volatile object? failedAt;
    /// <summary>1 while a key is replaced behind the calls.</summary>
    private int underway;

    internal ServerCredential(InstanceKey key, EnrolledInstance enrolled, SymbolonAddress symbolon, KeySuccession succession, TimeSpan? rotateEvery, HttpClient http, bool ownsHttp, TimeProvider clock)
    {
        (this.symbolon, this.succession, this.http, this.ownsHttp, this.clock, this.rotateEvery) = (symbolon, succession, http, ownsHttp, clock, rotateEvery);
        (ClientId, Audience) = (enrolled.Client, enrolled.Audience);
        current = Of(key, enrolled);
        own = new OwnToken(cancellation => AskAsync(tokens => tokens.OwnAsync(cancellation)), clock, Random.Shared.NextDouble);
        exchanged = new ExchangedTokens((subject, trace, cancellation) => AskAsync(tokens => tokens.ExchangedAsync(subject, trace, cancellation)), clock);
    }

    /// <summary><c>server:NAME</c>.</summary>
    public string ClientId { get; }

    /// <summary>The API that tokens are for; they are sent nowhere else.</summary>
    public Uri Audience { get; }

    /// <summary>By which this instance is listed and revoked: <c>symbolon server keys NAME</c>.</summary>
    public string KeyThumbprint => current.Tokens.Key.Thumbprint;

    internal NonceMemory Nonces { get; } = new();

    internal TimeProvider Clock => clock;

    /// <summary>What was begun last behind the calls.</summary>
    internal Task Work { get; private set; } = Task.CompletedTask;

    /// <summary>Opens or makes the key, and enrols the instance where that is still to be done.</summary>
    /// <param name="http">To speak to Symbolon with: one that follows no redirects. Null makes one.</param>
    /// <exception cref="SymbolonException">The instance is not enrolled and there is no code, or the code or the platform's token was refused, or Symbolon cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">The key file can be read by others, or holds no key.</exception>
    /// <exception cref="ArgumentException">The address is no https address, or http on loopback; or the options go not together.</exception>
    public static async Task<ServerCredential> OpenAsync(ServerCredentialOptions options, HttpClient? http = null, TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        var symbolon = SymbolonAddress.Of(options.Symbolon, nameof(options.Symbolon));
        if (options.PlatformToken is not null && options.EnrolmentCode is not null) throw new ArgumentException("An instance enrols by a code or by its platform's token, not by both.", nameof(options));
        if (options.PlatformToken is not null && options.Server is null) throw new ArgumentException("PlatformToken needs the name of the server: its platform does not know it.", nameof(options));
        if (options.RotateKeyEvery is { } every) ArgumentOutOfRangeException.ThrowIfLessThan(every, LeastRotation, nameof(options.RotateKeyEvery));
        var time = clock ?? TimeProvider.System;
        var client = http ?? SymbolonHttp.Create();
        InstanceKey? key = null;
        try
        {
            var files = new KeyFiles(options.KeyFile);
            await files.FinishAsync(symbolon.Issuer, cancellation);
            key = InstanceKey.OpenOrCreate(options.KeyFile);
            var enrolment = new Enrolment(symbolon, client, time);
            var platform = options is { PlatformToken: { } token, Server: { } server } ? new Platform(server, token, enrolment) : null;
            var succession = new KeySuccession(files, symbolon, platform, client, time);
            var enrolled = files.Read(symbolon.Issuer) is { } found && found.Key == key.Thumbprint ? found : null;
            if (platform is not null)
            {
                // What it said before this start may have ended.
                var vouched = await succession.RenewAsync(key, EnrolledInstance.ServerPrefix + options.Server, enrolled?.Instance ?? options.Instance, cancellation);
                (key, enrolled) = vouched is KeyOutcome.Counts counts ? (counts.Key, counts.Enrolled) : throw ((KeyOutcome.Failed)vouched).Why.ToException();
            }
            else if (enrolled is null)
            {
                var code = options.EnrolmentCode ?? throw new SymbolonException("not_enrolled", $"The key in {options.KeyFile} is not enrolled at {symbolon.Issuer}: start once with a code of `symbolon server enroll NAME`.");
                enrolled = await enrolment.ByCodeAsync(key, code, options.Instance, cancellation);
                enrolled.Save(files.Enrolled);
            }
            var credential = new ServerCredential(key, enrolled, symbolon, succession, options.RotateKeyEvery, client, http is null, time);
            // A process before this one was killed while it replaced its key.
            if (platform is null && File.Exists(files.Next)) await credential.TryReplaceAsync(cancellation);
            return credential;
        }
        catch
        {
            key?.Dispose();
            if (http is null) client.Dispose();
            throw;
        }
    }

    /// <summary>Puts a new key in the place of the instance's own, at once. Calls go on meanwhile; tokens that were given for the old key are good until they end.</summary>
    /// <exception cref="SymbolonException">Symbolon refused it or cannot be reached; the old key stays.</exception>
    public async Task RotateKeyAsync(CancellationToken cancellation = default)
    {
        if (await TryReplaceAsync(cancellation) is { } why) throw why.ToException();
    }

    public void Dispose()
    {
        current.Tokens.Key.Dispose();
        turn.Dispose();
        if (ownsHttp) http.Dispose();
    }

    /// <param name="subject">The call token of the caller that this is for; null for the server's own doing.</param>
    internal ValueTask<IssuedToken> TokenAsync(string? subject, TraceContext? trace, CancellationToken cancellation)
    {
        var now = current;
        // Whoever sets an age means it also where all that is needed is still there.
        if (rotateEvery is not null && IsDue(now, token: null)) Behind(TryReplaceAsync);
        else if (now.RenewAt is { } renewal && clock.GetUtcNow() >= renewal && MayTry()) Behind(TryRenewAsync);
        return subject is null ? own.GetAsync(cancellation) : exchanged.GetAsync(subject, trace, cancellation);
    }

    /// <exception cref="SymbolonException">There is none: none valid, and none to be had.</exception>
    internal ValueTask<IssuedToken> OwnAsync(CancellationToken cancellation) => own.GetAsync(cancellation);

    /// <param name="narrowing">Of a token that is narrowed nothing is kept: the next one may be asked for less.</param>
    /// <exception cref="SymbolonException">The exchange was refused; then nothing is to be done for this caller.</exception>
    internal async ValueTask<IssuedToken> ExchangeAsync(string subject, Narrowing narrowing, TraceContext? trace, CancellationToken cancellation)
    {
        if (narrowing.IsNone) return await exchanged.GetAsync(subject, trace, cancellation);
        return await AskAsync(tokens => tokens.ExchangedAsync(subject, narrowing, trace, cancellation)) switch
        {
            TokenAnswer.Granted granted => granted.Token,
            TokenAnswer.Refused refused => throw refused.Why.ToException(),
            _ => throw new InvalidOperationException("No such answer."),
        };
    }

    /// <summary>The API has refused this token: the next one is another.</summary>
    /// <returns>Whether there is a point in trying again.</returns>
    internal bool Forget(string? subject, string token)
    {
        if (subject is null) return own.Forget(token);
        exchanged.Forget(subject);
        return true;
    }

    /// <summary>By which a proof for this token is made; for no token, or one that we have not got, the key of this time.</summary>
    internal InstanceKey KeyOf(string? token)
    {
        var now = current;
        return token is not null && BoundKey.Of(token) is { } bound && now.Former.FirstOrDefault(key => key.Thumbprint == bound) is { } former ? former : now.Tokens.Key;
    }

    private async Task<TokenAnswer> AskAsync(Func<TokenRequests, Task<TokenAnswer>> ask)
    {
        var used = current;
        var answer = await ask(used.Tokens);
        if (answer is TokenAnswer.Refused { Why.Code: "invalid_client" } && used.Before is { } before && clock.GetElapsedTime(used.Since) < Spreading) answer = await ask(before);
        switch (answer)
        {
            case TokenAnswer.Granted granted when IsDue(used, granted.Token): Behind(TryReplaceAsync); break;
            // A key that has become too old may still vouch for another, and its platform for another of any; one that was revoked may not.
            case TokenAnswer.Refused { Why.Code: "invalid_client" } when MayTry() && await TryReplaceAsync(CancellationToken.None) is null: return await ask(current.Tokens);
        }
        return answer;
    }

    /// <summary>Behind the calls: the old key is good for a while yet.</summary>
    private void Behind(Func<CancellationToken, Task<SymbolonAnswer.Failed?>> work)
    {
        if (Interlocked.Exchange(ref underway, 1) == 1) return;
        Work = Task.Run(async () =>
        {
            try
            {
                await work(CancellationToken.None);
            }
            finally
            {
                Volatile.Write(ref underway, 0);
            }
        });
    }

    private bool IsDue(Enrolled used, IssuedToken? token)
    {
        if (used != current || !MayTry()) return false;
        var age = clock.GetUtcNow() - (used.Instance.EnrolledAt ?? DateTimeOffset.UnixEpoch);
        return age >= rotateEvery || token?.IsKeyOrdered == true || (token?.KeyExpiresIn is { } rest && rest < (used.Instance.EnrolledAt is null ? TimeSpan.FromHours(1) : (age + rest) * share));
    }

    private bool MayTry() => failedAt is not long last || clock.GetElapsedTime(last) >= PauseAfterFailure;

    /// <returns>Null when there is another key; else why not.</returns>
    private Task<SymbolonAnswer.Failed?> TryReplaceAsync(CancellationToken cancellation) => TryAsync(succession.ReplaceAsync, cancellation);

    /// <returns>Null when the key counts on, or another does; else why not.</returns>
    private Task<SymbolonAnswer.Failed?> TryRenewAsync(CancellationToken cancellation) => TryAsync(succession.RenewAsync, cancellation);

    private async Task<SymbolonAnswer.Failed?> TryAsync(Func<InstanceKey, string, string?, CancellationToken, Task<KeyOutcome>> change, CancellationToken cancellation)
    {
        var before = current;
        await turn.WaitAsync(cancellation);
        try
        {
            if (before != current) return null;
            var outcome = await change(before.Tokens.Key, ClientId, before.Instance.Instance, cancellation);
            failedAt = outcome is KeyOutcome.Failed ? clock.GetTimestamp() : null;
            if (outcome is not KeyOutcome.Counts(var key, var enrolled)) return ((KeyOutcome.Failed)outcome).Why;
            current = key == before.Tokens.Key ? Of(key, enrolled) with { Former = before.Former }
                : Of(key, enrolled) with { Former = [before.Tokens.Key, .. before.Former.Take(MostFormer - 1)], Before = before.Tokens, Since = clock.GetTimestamp() };
            return null;
        }
        catch (Exception fault) when (fault is SymbolonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            failedAt = clock.GetTimestamp();
            return new SymbolonAnswer.Failed("key_not_replaced", $"The key could not be replaced: {fault.Message}", RetryAfter: null);
        }
        finally
        {
            turn.Release();
        }
    }

    private Enrolled Of(InstanceKey key, EnrolledInstance enrolled)
    {
        var now = clock.GetUtcNow();
        return new Enrolled(new TokenRequests(symbolon, key, enrolled.Client, new SignedRequests(key, http, new NonceMemory(), clock), clock), enrolled)
        {
            // At half of its time; where clocks differ by more than that, not at every call.
            RenewAt = enrolled.Until is { } until ? now + ((until - now) / 2 is var half && half > LeastRenewal ? half : LeastRenewal) : null,
        };
    }

    /// <summary>The key of this time, by which tokens are asked for.</summary>
    private sealed record Enrolled(TokenRequests Tokens, EnrolledInstance Instance)
    {
        /// <summary>Those before, the last one first: tokens that are bound to them may live yet.</summary>
        public ImmutableArray<InstanceKey> Former { get; init; } = [];

        /// <summary>By the key before, while the one of this time is young.</summary>
        public TokenRequests? Before { get; init; }

        /// <summary>Timestamp: since when this key is the one.</summary>
        public long Since { get; init; }

        /// <summary>When the platform has to say again that this instance is there; null where none does.</summary>
        public DateTimeOffset? RenewAt { get; init; }
    }
}

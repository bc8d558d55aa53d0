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

    internal ServerCredential(InstanceKey key, EnrolledInstance enrolled, SymbolonAddress symbolon, KeyFiles files, TimeSpan? rotateEvery, HttpClient http, bool ownsHttp, TimeProvider clock)
    {
        (this.symbolon, this.http, this.ownsHttp, this.clock, this.rotateEvery) = (symbolon, http, ownsHttp, clock, rotateEvery);
        (ClientId, Audience) = (enrolled.Client, enrolled.Audience);
        current = Of(key, enrolled);
        succession = new KeySuccession(files, symbolon, http, clock);
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

    /// <summary>Opens or makes the key, and enrols the instance where that is still to be done.</summary>
    /// <param name="http">To speak to Symbolon with: one that follows no redirects. Null makes one.</param>
    /// <exception cref="SymbolonException">The instance is not enrolled and there is no code, or the code was refused, or Symbolon cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">The key file can be read by others, or holds no key.</exception>
    /// <exception cref="ArgumentException">The address is no https address, or http on loopback.</exception>
    public static async Task<ServerCredential> OpenAsync(ServerCredentialOptions options, HttpClient? http = null, TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        var symbolon = SymbolonAddress.Of(options.Symbolon, nameof(options.Symbolon));
        if (options.RotateKeyEvery is { } every) ArgumentOutOfRangeException.ThrowIfLessThan(every, LeastRotation, nameof(options.RotateKeyEvery));
        var time = clock ?? TimeProvider.System;
        var client = http ?? SymbolonHttp.Create();
        InstanceKey? key = null;
        try
        {
            var files = new KeyFiles(options.KeyFile);
            if (File.Exists(files.Next) && InstanceKey.Open(files.Next).Thumbprint is var next && files.Read(symbolon.Issuer)?.Key == next) files.Swap();
            key = InstanceKey.OpenOrCreate(options.KeyFile);
            var enrolled = files.Read(symbolon.Issuer) is { } found && found.Key == key.Thumbprint ? found : null;
            if (enrolled is null)
            {
                var code = options.EnrolmentCode ?? throw new SymbolonException("not_enrolled", $"The key in {options.KeyFile} is not enrolled at {symbolon.Issuer}: start once with a code of `symbolon server enroll NAME`.");
                enrolled = await new Enrolment(symbolon, key, new SignedRequests(key, client, new NonceMemory(), time), time).ClaimAsync(code, options.Instance, cancellation);
                enrolled.Save(files.Enrolled);
            }
            var credential = new ServerCredential(key, enrolled, symbolon, files, options.RotateKeyEvery, client, http is null, time);
            // A process before this one was killed while it replaced its key.
            if (File.Exists(files.Next)) await credential.TryRotateAsync(cancellation);
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
        if (await TryRotateAsync(cancellation) is { } why) throw why.ToException();
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
        // Whoever sets an age means it also where all that is needed is still there.
        if (rotateEvery is not null && IsDue(current, token: null)) RotateBehind();
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
        switch (answer)
        {
            case TokenAnswer.Granted granted when IsDue(used, granted.Token): RotateBehind(); break;
            // A key that has become too old may still vouch for another; one that was revoked may not.
            case TokenAnswer.Refused { Why.Code: "invalid_client" } when MayTry() && await TryRotateAsync(CancellationToken.None) is null: return await ask(current.Tokens);
        }
        return answer;
    }

    /// <summary>Behind the calls: the old key is good for a while yet.</summary>
    private void RotateBehind()
    {
        if (Interlocked.Exchange(ref underway, 1) == 1) return;
        _ = Task.Run(async () =>
        {
            try
            {
                await TryRotateAsync(CancellationToken.None);
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
    private async Task<SymbolonAnswer.Failed?> TryRotateAsync(CancellationToken cancellation)
    {
        var before = current;
        await turn.WaitAsync(cancellation);
        try
        {
            if (before != current) return null;
            var (key, enrolled, why) = await succession.TryAsync(before.Tokens, before.Instance, cancellation);
            if (key is not null) current = Of(key, enrolled!) with { Former = [before.Tokens.Key, .. before.Former.Take(MostFormer - 1)] };
            failedAt = key is null ? clock.GetTimestamp() : null;
            return why;
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

    private Enrolled Of(InstanceKey key, EnrolledInstance enrolled) => new(new TokenRequests(symbolon, key, enrolled.Client, new SignedRequests(key, http, new NonceMemory(), clock), clock), enrolled);

    /// <summary>The key of this time, by which tokens are asked for.</summary>
    private sealed record Enrolled(TokenRequests Tokens, EnrolledInstance Instance)
    {
        /// <summary>Those before, the last one first: tokens that are bound to them may live yet.</summary>
        public ImmutableArray<InstanceKey> Former { get; init; } = [];
    }
}

using Symbolon.Client.Http;
using Symbolon.Client.Keys;

namespace Symbolon.Client.Credentials;

/// <summary>
/// A server's own credential for the API behind it, by a key that only this instance has. Tokens are fetched when they are needed, refreshed ahead of their
/// end and never written anywhere. Use it through <see cref="Calls.SymbolonHandler"/>. Safe to use from many threads.
/// </summary>
public sealed class ServerCredential : IDisposable
{
    private readonly InstanceKey key;
    private readonly HttpClient http;
    private readonly bool ownsHttp;
    private readonly TimeProvider clock;
    private readonly TokenRequests tokens;
    private readonly OwnToken own;
    private readonly ExchangedTokens exchanged;

    internal ServerCredential(InstanceKey key, EnrolledInstance enrolled, SymbolonAddress symbolon, HttpClient http, bool ownsHttp, TimeProvider clock)
    {
        (this.key, this.http, this.ownsHttp, this.clock) = (key, http, ownsHttp, clock);
        ClientId = enrolled.Client;
        Audience = enrolled.Audience;
        tokens = new TokenRequests(symbolon, key, enrolled.Client, new SignedRequests(key, http, new NonceMemory(), clock), clock);
        own = new OwnToken(tokens.OwnAsync, clock, Random.Shared.NextDouble);
        exchanged = new ExchangedTokens(tokens.ExchangedAsync, clock);
    }

    /// <summary><c>server:NAME</c>.</summary>
    public string ClientId { get; }

    /// <summary>The API that tokens are for; they are sent nowhere else.</summary>
    public Uri Audience { get; }

    /// <summary>By which this instance is listed and revoked: <c>symbolon server keys NAME</c>.</summary>
    public string KeyThumbprint => key.Thumbprint;

    internal NonceMemory Nonces { get; } = new();

    internal TimeProvider Clock => clock;

    internal InstanceKey Key => key;

    /// <summary>Opens or makes the key, and enrols the instance where that is still to be done.</summary>
    /// <param name="http">To speak to Symbolon with: one that follows no redirects. Null makes one.</param>
    /// <exception cref="SymbolonException">The instance is not enrolled and there is no code, or the code was refused, or Symbolon cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">The key file can be read by others, or holds no key.</exception>
    /// <exception cref="ArgumentException">The address is no https address, or http on loopback.</exception>
    public static async Task<ServerCredential> OpenAsync(ServerCredentialOptions options, HttpClient? http = null, TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        var symbolon = SymbolonAddress.Of(options.Symbolon, nameof(options.Symbolon));
        var time = clock ?? TimeProvider.System;
        var client = http ?? SymbolonHttp.Create();
        InstanceKey? key = null;
        try
        {
            key = InstanceKey.OpenOrCreate(options.KeyFile);
            var enrolled = Find(options, symbolon, key);
            if (enrolled is null)
            {
                var code = options.EnrolmentCode ?? throw new SymbolonException("not_enrolled", $"The key in {options.KeyFile} is not enrolled at {symbolon.Issuer}: start once with a code of `symbolon server enroll NAME`.");
                enrolled = await new Enrolment(symbolon, key, new SignedRequests(key, client, new NonceMemory(), time), time).ClaimAsync(code, options.Instance, cancellation);
                enrolled.Save(FileOf(options));
            }
            return new ServerCredential(key, enrolled, symbolon, client, http is null, time);
        }
        catch
        {
            key?.Dispose();
            if (http is null) client.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        key.Dispose();
        if (ownsHttp) http.Dispose();
    }

    /// <param name="subject">The call token of the caller that this is for; null for the server's own doing.</param>
    internal async ValueTask<string> TokenAsync(string? subject, TraceContext? trace, CancellationToken cancellation) =>
        (subject is null ? await own.GetAsync(cancellation) : await exchanged.GetAsync(subject, trace, cancellation)).Text;

    /// <exception cref="SymbolonException">There is none: none valid, and none to be had.</exception>
    internal ValueTask<IssuedToken> OwnAsync(CancellationToken cancellation) => own.GetAsync(cancellation);

    /// <param name="narrowing">Of a token that is narrowed nothing is kept: the next one may be asked for less.</param>
    /// <exception cref="SymbolonException">The exchange was refused; then nothing is to be done for this caller.</exception>
    internal async ValueTask<IssuedToken> ExchangeAsync(string subject, Narrowing narrowing, TraceContext? trace, CancellationToken cancellation)
    {
        if (narrowing.IsNone) return await exchanged.GetAsync(subject, trace, cancellation);
        return await tokens.ExchangedAsync(subject, narrowing, trace, cancellation) switch
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

    private static string FileOf(ServerCredentialOptions options) => options.KeyFile + ".enrolled";

    /// <summary>What was kept, where it is of this key at this address; another address or a new key has to be enrolled.</summary>
    private static EnrolledInstance? Find(ServerCredentialOptions options, SymbolonAddress symbolon, InstanceKey key)
    {
        var path = FileOf(options);
        return File.Exists(path) && EnrolledInstance.Read(File.ReadAllBytes(path)) is { } found && found.Issuer == symbolon.Issuer && found.Key == key.Thumbprint ? found : null;
    }
}

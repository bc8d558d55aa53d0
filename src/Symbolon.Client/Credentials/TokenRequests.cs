using System.Text;
using Symbolon.Client.Http;
using Symbolon.Client.Keys;
using Symbolon.Jose.Json;

namespace Symbolon.Client.Credentials;

/// <summary>Asks the token endpoint as one client: private_key_jwt and a proof of the same key, since a server's tokens are bound to what it signs with.</summary>
internal sealed class TokenRequests(SymbolonAddress symbolon, InstanceKey key, string client, SignedRequests requests, TimeProvider clock)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private const string ExchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";
    private const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";
    private const int MostTokenLength = 8 * 1024;
    private const long MostKeySeconds = 10L * 365 * 86_400;

    /// <summary>DESIGN.md section 1: server credentials live from 5 minutes to 4 hours; whoever says more is not believed.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(4);

    /// <summary>RFC 6749 §4.4: the server's own, for what it does without a caller.</summary>
    public Task<TokenAnswer> OwnAsync(CancellationToken cancellation) => AskAsync([new("grant_type", "client_credentials")], trace: null, cancellation);

    /// <summary>RFC 8693 §2.1: for what it does on a call, with the caller's chain.</summary>
    /// <param name="subject">The call token that came with the call.</param>
    public Task<TokenAnswer> ExchangedAsync(string subject, TraceContext? trace, CancellationToken cancellation) =>
        ExchangedAsync(subject, Narrowing.None, trace, cancellation);

    /// <param name="narrowing">Less than the call would give.</param>
    public Task<TokenAnswer> ExchangedAsync(string subject, Narrowing narrowing, TraceContext? trace, CancellationToken cancellation) =>
        AskAsync([new("grant_type", ExchangeGrant), new("subject_token", subject), new("subject_token_type", AccessTokenType), new("requested_token_type", AccessTokenType), .. narrowing.Parameters], trace, cancellation);

    public InstanceKey Key => key;

    private async Task<TokenAnswer> AskAsync(KeyValuePair<string, string>[] parameters, TraceContext? trace, CancellationToken cancellation)
    {
        var askedAt = clock.GetTimestamp();
        var answer = await requests.PostAsync(symbolon.Token, () => [.. parameters, .. SignedIn()], trace, cancellation);
        return answer switch
        {
            SymbolonAnswer.Given given => Read(given.Body, askedAt),
            SymbolonAnswer.Failed failed => new TokenAnswer.Refused(failed),
            _ => throw new InvalidOperationException("No such answer."),
        };
    }

    /// <summary>That this client asks, by the word of its key.</summary>
    /// <param name="successor">The key for which it vouches by that; null for none.</param>
    public IEnumerable<KeyValuePair<string, string>> SignedIn(InstanceKey? successor = null) =>
    [
        new("client_id", client),
        new("client_assertion_type", AssertionType),
        new("client_assertion", SignedClaims.Assertion(key, client, symbolon.Issuer, clock, successor)),
    ];

    private TokenAnswer Read(byte[] body, long askedAt)
    {
        if (!JsonAnswer.TryRead(body, out var root)) return Invalid("is no JSON object");
        if (JsonAnswer.Text(root, "access_token"u8) is not { Length: <= MostTokenLength } text || text.AsSpan().ContainsAnyExceptInRange('!', '~')) return Invalid("has no access_token");
        // A token that is not bound would be worth as much to a thief.
        if (!string.Equals(JsonAnswer.Text(root, "token_type"u8), "DPoP", StringComparison.OrdinalIgnoreCase)) return Invalid("is not of token_type DPoP");
        if (JsonAnswer.Number(root, "expires_in"u8) is not (> 0 and { } seconds)) return Invalid("has no expires_in");
        var keyExpiresIn = JsonAnswer.Number(root, "key_expires_in"u8);
        return new TokenAnswer.Granted(new IssuedToken(text, seconds < LongestLife.TotalSeconds ? TimeSpan.FromSeconds(seconds) : LongestLife, askedAt, key)
        {
            KeyExpiresIn = keyExpiresIn is >= 0 and <= MostKeySeconds ? TimeSpan.FromSeconds(keyExpiresIn.Value) : null,
            IsKeyOrdered = root.TryGetMember("replace_key"u8, out var ordered) && ordered.Value.Kind == JsonKind.True,
            Scope = JsonAnswer.Text(root, "scope"u8),
            Details = root.TryGetMember("authorization_details"u8, out var details) && details.Value.Kind == JsonKind.Array ? Encoding.UTF8.GetString(details.Value.Raw) : null,
        });
    }

    private static TokenAnswer.Refused Invalid(string what) => new(new SymbolonAnswer.Failed("invalid_answer", $"Symbolon's answer {what}.", RetryAfter: null));
}

/// <summary>What came of a request for a token.</summary>
internal abstract record TokenAnswer
{
    private TokenAnswer() { }

    public sealed record Granted(IssuedToken Token) : TokenAnswer;

    public sealed record Refused(SymbolonAnswer.Failed Why) : TokenAnswer;
}

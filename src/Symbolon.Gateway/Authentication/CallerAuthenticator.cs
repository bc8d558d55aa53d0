using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Authentication;

/// <summary>
/// Who shows a pasted token: exactly one Authorization header with a pasted token. The body is not touched.
/// Every refusal here is counted, not written one by one. DESIGN.md section 4, Refusals and Audit durability.
/// </summary>
internal sealed class CallerAuthenticator(TokenCache tokens, TokenLookups lookUps, IRefusalLog refusals)
{
    private const string Scheme = "Bearer ";

    private static readonly Refusal Missing = new(ReasonCode.Unauthenticated, "A bearer token is needed.") { Form = RefusalForm.NoToken };
    private static readonly Refusal Twice = Refusal.Malformed("Send the token once, in one Authorization header.");
    private static readonly Refusal InQuery = Refusal.Malformed("Tokens belong in the Authorization header, never in the address.");
    private static readonly Refusal Mistyped = new(ReasonCode.Unauthenticated, "This is no token of ours: mistyped, cut off, or another kind.");
    private static readonly Refusal OtherKind = new(ReasonCode.WrongAudience, "This kind of token is not for MCP servers.");
    private static readonly Refusal NotKnown = new(ReasonCode.Unauthenticated, "The token is not known.");
    private static readonly Refusal Expired = new(ReasonCode.TokenExpired, "The token has expired.");
    private static readonly Refusal Flood = new(ReasonCode.Overloaded, "Too many unknown tokens from this address.") { RetryAfter = 1 };
    private static readonly Refusal NoStore = new(ReasonCode.StateStale, "The store cannot be asked about this token now.") { RetryAfter = 1 };

    /// <summary>
    /// The listener hands the same string to each request of a connection that repeats a header; its hash is made once. The string is
    /// held by the connection, not by this table, so no token lives longer in memory for it.
    /// </summary>
    private readonly ConditionalWeakTable<string, StrongBox<TokenHash>> hashes = [];

    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <param name="lookUp">The token has to be asked for: await <see cref="LookUpAsync"/>.</param>
    /// <returns>Null with a token, or with <paramref name="lookUp"/>.</returns>
    public Refusal? Authenticate(HttpContext http, long now, out CallerToken? token, out TokenHash? lookUp)
    {
        token = null;
        lookUp = null;
        var refusal = Read(http, out var hash, out var unhashed);
        if (refusal is null)
        {
            if (!tokens.TryGet(hash, out token))
            {
                lookUp = hash;
                return null;
            }
            refusal = Judge(token, now);
        }
        if (refusal is not null) return Count(http, refusal);
        if (unhashed is not null) hashes.AddOrUpdate(unhashed, new StrongBox<TokenHash>(hash));
        return null;
    }

    /// <summary>One indexed read of the store, shared by all who ask for this token at once; rationed by address.</summary>
    public async ValueTask<(CallerToken? Token, Refusal? Refusal)> LookUpAsync(HttpContext http, TokenHash hash, long now)
    {
        try
        {
            var (token, isRationed) = await lookUps.JoinAsync(hash, http.Connection.RemoteIpAddress ?? IPAddress.None).WaitAsync(http.RequestAborted);
            if (isRationed) return (null, Count(http, Flood));
            return Judge(token, now) is { } refusal ? (null, Count(http, refusal)) : (token, null);
        }
        catch (StoreUnavailableException)
        {
            return (null, Count(http, NoStore));
        }
    }

    /// <summary>Counts a refusal of somebody whose token turned out dead.</summary>
    public Refusal Count(HttpContext http, Refusal refusal)
    {
        refusals.Record(OrganisationId.Default, http.Connection.RemoteIpAddress, refusal.Code);
        return refusal;
    }

    /// <param name="unhashed">The header, where its hash had to be made.</param>
    private Refusal? Read(HttpContext http, out TokenHash hash, out string? unhashed)
    {
        hash = default;
        unhashed = null;
        if (HasTokenInAddress(http)) return InQuery;
        var header = http.Request.Headers.Authorization;
        if (header.Count > 1) return Twice;
        if (header.Count == 0 || header[0] is not { Length: > 0 } value) return Missing;
        if (hashes.TryGetValue(value, out var known))
        {
            hash = known.Value;
            return null;
        }
        if (!value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return Missing;
        var text = value.AsSpan(Scheme.Length).Trim(' ');
        if (text.Contains(',')) return Twice;
        if (text.Length != PastedToken.Length) return Mistyped;
        Span<byte> utf8 = stackalloc byte[PastedToken.Length];
        if (System.Text.Ascii.FromUtf16(text, utf8, out _) != System.Buffers.OperationStatus.Done) return Mistyped;
        if (!PastedToken.TryRead(utf8, out var kind)) return Mistyped;
        if (kind is TokenKind.Admin or TokenKind.Enrolment) return OtherKind;
        hash = TokenHash.Of(utf8);
        unhashed = value;
        return null;
    }

    private static Refusal? Judge(CallerToken? token, long now) =>
        token is null ? NotKnown : now >= token.EndsAt ? Expired : null;

    /// <summary>RFC 6750 §2.3 allows it, OAuth 2.1 and MCP do not.</summary>
    public static bool HasTokenInAddress(HttpContext http) => http.Request.QueryString.Value is { Length: > 0 } query && HasToken(query);

    /// <summary>However it is written: a percent-encoded one stands in as many logs.</summary>
    private static bool HasToken(string query)
    {
        var read = query.Contains('%') ? Uri.UnescapeDataString(query) : query;
        return read.Contains("access_token", StringComparison.OrdinalIgnoreCase) || read.Contains("sym_", StringComparison.OrdinalIgnoreCase);
    }
}

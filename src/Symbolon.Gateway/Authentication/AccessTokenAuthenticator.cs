using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Policy;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose;
using Symbolon.Jose.Proofs;

namespace Symbolon.Gateway.Authentication;

/// <summary>
/// Who shows an access token of OAuth. One is verified when it is first seen and then known by its hash until it ends; whether it was revoked is
/// asked at every request, from memory. It is apart from <see cref="CallerAuthenticator"/>, so that none is ever found on <c>/t</c>.
/// </summary>
internal sealed class AccessTokenAuthenticator(AccessTokenReader reader, CallerProofs proofs, CallerAuthenticator others, GatewayOptions options, TimeProvider clock)
{
    private const string Bearer = "Bearer ";
    private const string DPoP = "DPoP ";

    private static readonly Refusal NoneOfOurs = new(ReasonCode.Unauthenticated, "This is no access token of this server.");
    private static readonly Refusal Expired = new(ReasonCode.TokenExpired, "The token has expired.");
    private static readonly Refusal Elsewhere = new(ReasonCode.WrongAudience, "The token is for another resource.");
    private static readonly Refusal Twice = Refusal.Malformed("Send the token once, in one Authorization header.");
    private static readonly Refusal Flood = new(ReasonCode.Overloaded, "Too many unknown tokens from this address.") { RetryAfter = 1 };

    private readonly ConcurrentDictionary<TokenHash, CallerToken> verified = new();
    private readonly LookupAllowance allowance = new(options.UnknownTokenBurst, options.UnknownTokenRefill, clock);

    /// <summary>The listener hands the same string to each request of a connection that repeats a header.</summary>
    private readonly ConditionalWeakTable<string, CallerToken> headers = [];

    /// <param name="server">The name in the address.</param>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <param name="proof">To be used up before anything is done; null for a bearer token.</param>
    /// <returns>False when no access token was shown: what was, is judged by <see cref="CallerAuthenticator"/>.</returns>
    public bool TryAuthenticate(HttpContext http, string server, long now, out CallerToken? token, out ProofUse? proof, out Refusal? refusal)
    {
        token = null;
        proof = null;
        refusal = null;
        if (!HasAccessToken(http, out var header)) return false;
        if (!headers.TryGetValue(header, out token) && !TryVerify(http, header, now, out token, out refusal))
        {
            others.Count(http, refusal);
            return true;
        }
        if (now >= token.EndsAt) refusal = Expired;
        else if (!string.Equals(token.Record.Servers[0].Server.Value, server, StringComparison.Ordinal)) refusal = Elsewhere;
        else refusal = proofs.Check(http, token, IsDPoP(header), server, out proof);
        if (refusal is null) return true;
        token = null;
        others.Count(http, refusal);
        return true;
    }

    /// <summary>Whether the client speaks DPoP, so that it is answered in that scheme.</summary>
    public static bool HasProof(HttpContext http) => http.Request.Headers.Authorization is [{ } header, ..] && IsDPoP(header);

    private static bool IsDPoP(string header) => header.StartsWith(DPoP, StringComparison.OrdinalIgnoreCase);

    /// <summary>One header of the scheme DPoP, or of Bearer with a text that has dots: pasted tokens have none.</summary>
    private static bool HasAccessToken(HttpContext http, [NotNullWhen(true)] out string? header)
    {
        header = null;
        if (CallerAuthenticator.HasTokenInAddress(http)) return false;
        var values = http.Request.Headers.Authorization;
        if (values.Count != 1 || values[0] is not { } value) return false;
        header = value;
        return IsDPoP(value)
            || (value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && value.Contains('.', StringComparison.Ordinal) && !value.Contains(',', StringComparison.Ordinal));
    }

    private bool TryVerify(HttpContext http, string header, long now, [NotNullWhen(true)] out CallerToken? token, [NotNullWhen(false)] out Refusal? refusal)
    {
        token = null;
        refusal = Twice;
        var scheme = AuthorizationHeader.Read(1, header, out var text);
        if (scheme == AuthorizationScheme.Several) return false;
        refusal = NoneOfOurs;
        if (scheme is not (AuthorizationScheme.Bearer or AuthorizationScheme.DPoP) || text.Length > AccessTokenReader.MostBytes) return false;
        Span<byte> utf8 = stackalloc byte[text.Length];
        if (Ascii.FromUtf16(text, utf8, out _) != System.Buffers.OperationStatus.Done) return false;
        var hash = TokenHash.Of(utf8);
        if (verified.TryGetValue(hash, out token))
        {
            headers.AddOrUpdate(header, token);
            refusal = null;
            return true;
        }
        // What is not even signed by a key of ours costs nothing; what says so costs a verification, and is rationed.
        if (!reader.LooksLikeOurs(utf8)) return false;
        var peer = http.Connection.RemoteIpAddress;
        refusal = Flood;
        if (!allowance.TryTake(peer)) return false;
        var reading = reader.Read(utf8, now);
        if (reading is not AccessTokenReading.Valid valid)
        {
            refusal = RefusalOf(reading);
            return false;
        }
        allowance.GiveBack(peer);
        token = Keep(hash, new CallerToken(valid.Token, valid.Token.OAuth?.Key is { } key ? new BoundKey(key, Sha256Value.Of(utf8)) : null), now);
        headers.AddOrUpdate(header, token);
        refusal = null;
        return true;
    }

    /// <summary>Bounded: first what has ended goes, then a quarter, each of which costs one verification to come back.</summary>
    private CallerToken Keep(TokenHash hash, CallerToken fresh, long now)
    {
        if (verified.Count >= options.CachedTokens)
        {
            foreach (var (known, token) in verified)
                if (now >= token.EndsAt) verified.TryRemove(known, out _);
            foreach (var (known, _) in verified)
            {
                if (verified.Count <= options.CachedTokens - options.CachedTokens / 4) break;
                verified.TryRemove(known, out _);
            }
        }
        // One object for all who show it: what was found out about it is remembered there.
        return verified.GetOrAdd(hash, fresh);
    }

    private static Refusal RefusalOf(AccessTokenReading reading) => reading switch
    {
        AccessTokenReading.Refused { Code: ReasonCode.TokenExpired } => Expired,
        AccessTokenReading.Refused { Code: ReasonCode.WrongAudience } => Elsewhere,
        _ => NoneOfOurs,
    };
}

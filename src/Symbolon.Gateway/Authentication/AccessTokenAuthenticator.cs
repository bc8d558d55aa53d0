using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Authentication;

/// <summary>
/// Who shows an access token of OAuth. One is verified when it is first seen and then known by its hash until it ends; whether it was revoked is
/// asked at every request, from memory. It is apart from <see cref="CallerAuthenticator"/>, so that none is ever found on <c>/t</c>.
/// </summary>
internal sealed class AccessTokenAuthenticator(AccessTokenReader reader, CallerAuthenticator others, GatewayOptions options, TimeProvider clock)
{
    private const string Scheme = "Bearer ";

    private static readonly Refusal NoneOfOurs = new(ReasonCode.Unauthenticated, "This is no access token of this server.");
    private static readonly Refusal Expired = new(ReasonCode.TokenExpired, "The token has expired.");
    private static readonly Refusal Elsewhere = new(ReasonCode.WrongAudience, "The token is for another resource.");
    private static readonly Refusal NeedsProof = new(ReasonCode.ProofRequired, "The token is bound to a key, whose proof is not taken here.");
    private static readonly Refusal Flood = new(ReasonCode.Overloaded, "Too many unknown tokens from this address.") { RetryAfter = 1 };

    private readonly ConcurrentDictionary<TokenHash, CallerToken> verified = new();
    private readonly LookupAllowance allowance = new(options.UnknownTokenBurst, options.UnknownTokenRefill, clock);

    /// <summary>The listener hands the same string to each request of a connection that repeats a header.</summary>
    private readonly ConditionalWeakTable<string, CallerToken> headers = [];

    /// <param name="server">The name in the address.</param>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <returns>False when no access token was shown: what was, is judged by <see cref="CallerAuthenticator"/>.</returns>
    public bool TryAuthenticate(HttpContext http, string server, long now, out CallerToken? token, out Refusal? refusal)
    {
        token = null;
        refusal = null;
        if (!HasAccessToken(http, out var header)) return false;
        if (!headers.TryGetValue(header, out token) && !TryVerify(http, header, now, out token, out refusal))
        {
            others.Count(http, refusal);
            return true;
        }
        if (now >= token.EndsAt) refusal = Expired;
        else if (token.Record.OAuth!.Key is not null) refusal = NeedsProof;
        else if (!string.Equals(token.Record.Servers[0].Server.Value, server, StringComparison.Ordinal)) refusal = Elsewhere;
        if (refusal is null) return true;
        token = null;
        others.Count(http, refusal);
        return true;
    }

    /// <summary>One header of the scheme, with a text that has dots: pasted tokens have none.</summary>
    private static bool HasAccessToken(HttpContext http, [NotNullWhen(true)] out string? header)
    {
        header = null;
        if (CallerAuthenticator.HasTokenInAddress(http)) return false;
        var values = http.Request.Headers.Authorization;
        if (values.Count != 1 || values[0] is not { } value || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        if (!value.Contains('.', StringComparison.Ordinal) || value.Contains(',', StringComparison.Ordinal)) return false;
        header = value;
        return true;
    }

    private bool TryVerify(HttpContext http, string header, long now, [NotNullWhen(true)] out CallerToken? token, [NotNullWhen(false)] out Refusal? refusal)
    {
        token = null;
        var text = header.AsSpan(Scheme.Length).Trim(' ');
        refusal = NoneOfOurs;
        if (text.Length > AccessTokenReader.MostBytes) return false;
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
        token = Keep(hash, new CallerToken(valid.Token), now);
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
        AccessTokenReading.Refused { Code: ReasonCode.ProofRequired } => NeedsProof,
        _ => NoneOfOurs,
    };
}

using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.Core;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;
using Symbolon.Jose;
using Symbolon.Jose.Proofs;

namespace Symbolon.AuthorizationServer.SecurityEvents;

/// <summary>Who fetches events: the token (RFC 6750 §2.1), the proof of the key that it is bound to (RFC 9449 §7), and whether it is good still. Who does not get in is answered and counted.</summary>
internal sealed class EventsAccess(EventsTokenReader reader, ProofValidator validator, IProofUses uses, ClientDirectory clients, Configuration configuration, IRefusalLog refusals, AuthorizationServerOptions options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, ProofTarget> targets = new();

    /// <param name="origin">The origin that the request selected.</param>
    /// <returns>Null when it is answered already.</returns>
    /// <exception cref="StoreUnavailableException">The proof cannot be used up.</exception>
    public async Task<EventsToken?> OpenAsync(HttpContext http, string origin)
    {
        var (token, proof, challenge) = Judge(http, origin);
        if (challenge is null && proof is not null && !await uses.TryUseAsync(proof, CancellationToken.None)) challenge = ChallengeOf(new ProofRefusal(ProofFault.Replayed));
        if (challenge is null) return token;
        Refuse(http, challenge);
        return null;
    }

    /// <summary>Whether the token would be taken at this moment: neither it, nor its client, nor a key of it has ended, and the client is to fetch events.</summary>
    public bool IsLive(EventsToken token) =>
        clock.Microseconds() < token.ExpiresAt + AccessTokenReader.Tolerance && !configuration.Epochs.IsRevoked(token) && clients.Find(token.Organisation, token.Client) is { FetchesEvents: true };

    /// <summary>The answer to who has no token, or not any more.</summary>
    public void Refuse(HttpContext http, string? challenge = null)
    {
        refusals.Record(OrganisationId.Default, http.Connection.RemoteIpAddress, ReasonCode.Unauthenticated);
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        http.Response.Headers.WWWAuthenticate = challenge ?? Bearer("invalid_token");
    }

    private (EventsToken? Token, ProofUse? Proof, string? Challenge) Judge(HttpContext http, string origin)
    {
        var headers = http.Request.Headers.Authorization;
        var scheme = AuthorizationHeader.Read(headers.Count, headers.Count == 0 ? null : headers[0], out var text);
        if (scheme is AuthorizationScheme.None or AuthorizationScheme.Other) return (null, null, Bearer(error: null));
        if (scheme is not (AuthorizationScheme.Bearer or AuthorizationScheme.DPoP)) return (null, null, Bearer("invalid_request"));
        if (reader.Read(text, clock.Microseconds()) is not { } token || token.Organisation != OrganisationId.Default || !IsLive(token)) return (null, null, Bearer("invalid_token"));
        if (AuthorizationHeader.Judge(scheme, token.Key is not null, mustBeBound: false) != SchemeVerdict.Fits)
            return (null, null, token.Key is null ? Bearer("invalid_token") : ProofChallenge.Write("invalid_token", "The token is bound to a key: send it as DPoP, with a proof.", EventsToken.Scope, resourceMetadata: null));
        if (token.Key is not { } key) return (token, null, null);
        var utf8 = new byte[text.Length];
        System.Text.Encoding.ASCII.GetBytes(text, utf8);
        var shown = http.Request.Headers[ProofHeader.Proof];
        var verdict = validator.Check(shown.Count, shown.Count == 0 ? null : shown[0], new ProofRequest
        {
            Organisation = token.Organisation,
            Method = http.Request.Method,
            Target = targets.GetOrAdd(origin, static at => ProofTarget.Of(at + EventsToken.Path)),
            AccessToken = Sha256Value.Of(utf8),
            BoundTo = key,
            NeedsNonce = options.ProofsNeedNonce,
        });
        var (refusal, accepted) = ((verdict as ProofVerdict.Refused)?.Refusal, verdict as ProofVerdict.Accepted);
        if ((refusal?.Nonce ?? accepted?.NextNonce) is { } nonce) http.Response.Headers[ProofHeader.Nonce] = nonce;
        return refusal is not null ? (null, null, ChallengeOf(refusal)) : (token, accepted!.Use, null);
    }

    private static string ChallengeOf(ProofRefusal refusal) => ProofChallenge.Write(refusal.Error, refusal.Description, EventsToken.Scope, resourceMetadata: null);

    private static string Bearer(string? error) => error is null ? $"Bearer scope=\"{EventsToken.Scope}\"" : $"Bearer error=\"{error}\", scope=\"{EventsToken.Scope}\"";
}

using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Jose.Proofs;

namespace Symbolon.AuthorizationServer.Entry;

/// <summary>
/// Finds out which key a client holds, at endpoints where something is bound to one (RFC 9449 §5, §10.1): the proof, where one came, is checked, and
/// used up later with everything else that the request used (<see cref="ProofLog"/>). The nonce that the client needs next is set on the answer here.
/// </summary>
internal sealed class KeyProofs(ProofValidator validator, AuthorizationServerOptions options)
{
    private readonly ConcurrentDictionary<(string Origin, string Path), ProofTarget> targets = new();

    /// <param name="path">Of this endpoint; with the origin that the request selected it is what the proof must name.</param>
    /// <returns>The request with <see cref="ClientRequest.Key"/>, null in it without a proof; else what to answer.</returns>
    public OAuthOutcome<ClientRequest> Check(HttpContext http, ClientRequest request, string path)
    {
        var header = http.Request.Headers[ProofHeader.Proof];
        if (header.Count == 0) return request;
        var verdict = validator.Check(header.Count, header[0], new ProofRequest
        {
            Organisation = request.Organisation,
            Method = http.Request.Method,
            Target = targets.GetOrAdd((request.Origin, path), static at => ProofTarget.Of(at.Origin + at.Path)),
            NeedsNonce = options.ProofsNeedNonce,
        });
        var (refusal, accepted) = (verdict as ProofVerdict.Refused, verdict as ProofVerdict.Accepted);
        if ((refusal?.Refusal.Nonce ?? accepted?.NextNonce) is { } nonce) http.Response.Headers[ProofHeader.Nonce] = nonce;
        return refusal is not null ? OAuthError.InvalidProof(refusal.Refusal) : request with { KeyProof = accepted };
    }
}

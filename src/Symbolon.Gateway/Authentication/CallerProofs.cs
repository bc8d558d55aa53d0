using Microsoft.AspNetCore.Http;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Policy;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Proofs;

namespace Symbolon.Gateway.Authentication;

/// <summary>
/// Whether whoever shows a bound token holds its key (RFC 9449 §7.1), and whether a token came in the way that it is bound to (§7.2). The proof of one that
/// passes here still has to be used up: with the record of a call, else before anything is done.
/// </summary>
internal sealed class CallerProofs(ProofValidator validator, IPublicOrigins origins, GatewayOptions options)
{
    private static readonly Refusal Stolen = new(ReasonCode.ProofRequired, "The token is bound to a key: send it as DPoP, with a proof by that key.");
    private static readonly Refusal Unbound = new(ReasonCode.ProofInvalid, "The token is bound to no key, so no proof belongs to it. Get one with a proof.");
    private static readonly Refusal NoAddress = new(ReasonCode.ProofInvalid, "This address is none that a proof can name.");

    public static readonly Refusal Replayed = Refused(new ProofRefusal(ProofFault.Replayed));

    /// <param name="isDPoP">The scheme under which the token came; false for Bearer.</param>
    /// <param name="server">The name in the address, which is that of the token's audience.</param>
    /// <param name="use">To be used up; null for a bearer token.</param>
    public Refusal? Check(HttpContext http, CallerToken token, bool isDPoP, string server, out ProofUse? use)
    {
        use = null;
        switch (AuthorizationHeader.Judge(isDPoP ? AuthorizationScheme.DPoP : AuthorizationScheme.Bearer, token.Bound is not null, mustBeBound: false))
        {
            case SchemeVerdict.BoundUnderBearer: return Stolen;
            case SchemeVerdict.UnboundUnderDPoP: return Unbound;
        }
        if (token.Bound is not { } bound) return null;
        if (origins.Selected(http.Request.Host.Value) is not { } origin) return NoAddress;
        var header = http.Request.Headers[ProofHeader.Proof];
        var verdict = validator.Check(header.Count, header.Count == 0 ? null : header[0], new ProofRequest
        {
            Organisation = token.Record.Organisation,
            Method = http.Request.Method,
            Target = bound.TargetAt(origin, server),
            AccessToken = bound.Token,
            BoundTo = bound.Key,
            NeedsNonce = options.ProofsNeedNonce,
        });
        if (verdict is ProofVerdict.Refused { Refusal: var refusal })
        {
            if (refusal.Nonce is { } nonce) http.Response.Headers[ProofHeader.Nonce] = nonce;
            return Refused(refusal);
        }
        var accepted = (ProofVerdict.Accepted)verdict;
        if (accepted.NextNonce is { } next) http.Response.Headers[ProofHeader.Nonce] = next;
        use = accepted.Use;
        return null;
    }

    private static Refusal Refused(ProofRefusal why) =>
        new(why.Fault == ProofFault.Missing ? ReasonCode.ProofRequired : ReasonCode.ProofInvalid, why.Description) { ProofError = why.Error };
}

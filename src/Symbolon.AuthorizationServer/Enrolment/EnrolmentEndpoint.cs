using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;
using Symbolon.Jose.Proofs;

namespace Symbolon.AuthorizationServer.Enrolment;

/// <summary>
/// The runtime of a server comes with a code that an administrator gave it, and a key that it has made and proves (RFC 9449 §4): from then on the key is an instance of the
/// server. The same code and key again get the same answer, since the first may have been lost; the same code and another key end both. Where its platform says who it is, it
/// comes with that token in place of a code (<see cref="PlatformEnrolment"/>).
/// </summary>
internal sealed class EnrolmentEndpoint(
    IPublicOrigins origins, Freshness freshness, ProofValidator validator, IEnrolments enrolments, PlatformEnrolment platforms, IRefusalLog refusals, EnrolmentAnswers answers,
    AuthorizationServerOptions options)
{
    public const string Path = "/oauth/enroll";

    private static readonly OAuthError Stale = OAuthError.TemporarilyUnavailable("This node cannot confirm that what it knows is current.");
    private static readonly OAuthError NotDurable = OAuthError.TemporarilyUnavailable("It cannot be recorded at this moment; nothing was done.");
    private static readonly OAuthError NoCode = OAuthError.InvalidRequest("Either code or assertion is needed: the code that an administrator gave, or the token of the platform.");
    private static readonly OAuthError BadInstance = OAuthError.InvalidRequest($"instance must be {ObjectName.Rule.Replace("'", "", StringComparison.Ordinal)}.");

    private readonly ConcurrentDictionary<string, ProofTarget> targets = new();

    public async Task HandleAsync(HttpContext http)
    {
        if (origins.Selected(http.Request.Host.Value) is not { } origin)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if ((await AnswerAsync(http, origin)).Failed(out var why, out var enrolled)) await OAuthAnswer.WriteAsync(http, why);
        else await answers.WriteAsync(http, origin, enrolled);
    }

    private async Task<OAuthOutcome<EnrolmentOutcome.Enrolled>> AnswerAsync(HttpContext http, string origin)
    {
        if (!freshness.IsCurrent) return Stale;
        if ((await OAuthForm.ReadAsync(http)).Failed(out var why, out var form)) return Count(http, ReasonCode.MalformedRequest, why);
        if ((form[OAuthParameter.Code] is null) == (form[OAuthParameter.Assertion] is null)) return Count(http, ReasonCode.MalformedRequest, NoCode);
        if (form["instance"] is { } instance && !ObjectName.IsValid(instance)) return Count(http, ReasonCode.MalformedRequest, BadInstance);
        var headers = http.Request.Headers[ProofHeader.Proof];
        var verdict = validator.Check(headers.Count, headers.Count == 0 ? null : headers[0], new ProofRequest
        {
            Organisation = OrganisationId.Default,
            Method = http.Request.Method,
            Target = targets.GetOrAdd(origin, static at => ProofTarget.Of(at + Path)),
            NeedsNonce = options.ProofsNeedNonce,
        });
        if (verdict is ProofVerdict.Refused { Refusal: var refusal })
        {
            if (refusal.Nonce is { } nonce) http.Response.Headers[ProofHeader.Nonce] = nonce;
            return refusal.Error == ProofRefusal.UseNonce ? OAuthError.InvalidProof(refusal) : Count(http, ReasonCode.ProofInvalid, OAuthError.InvalidProof(refusal));
        }
        var accepted = (ProofVerdict.Accepted)verdict;
        if (accepted.NextNonce is { } next) http.Response.Headers[ProofHeader.Nonce] = next;
        return await ClaimAsync(http, form, accepted, EnrolmentAnswers.JwkOf(headers[0]!), http.Connection.RemoteIpAddress?.ToString());
    }

    private async Task<OAuthOutcome<EnrolmentOutcome.Enrolled>> ClaimAsync(HttpContext http, OAuthForm form, ProofVerdict.Accepted accepted, string jwk, string? peer)
    {
        try
        {
            EnrolmentOutcome? outcome;
            if (form[OAuthParameter.Code] is { } code)
                // Not cancelled by a client that leaves: what was begun is finished, and the same claim gets the same answer.
                outcome = await enrolments.ClaimAsync(new EnrolmentClaim(OrganisationId.Default, code, form["instance"], accepted.Key, jwk, accepted.Use, peer), CancellationToken.None);
            else if ((await platforms.EnrolAsync(form, accepted, jwk, peer, http.RequestAborted)).Failed(out var why, out outcome))
                return Count(http, why.Code == "invalid_request" ? ReasonCode.MalformedRequest : ReasonCode.Unauthenticated, why);
            return outcome switch
            {
                EnrolmentOutcome.Enrolled enrolled => enrolled,
                EnrolmentOutcome.Refused { IsRecorded: true, Message: var message } => OAuthError.InvalidGrant(message),
                EnrolmentOutcome.Refused { Message: var message } => Count(http, ReasonCode.Unauthenticated, OAuthError.InvalidGrant(message)),
                _ => Count(http, ReasonCode.ProofInvalid, OAuthError.InvalidProof(new ProofRefusal(ProofFault.Replayed))),
            };
        }
        catch (StoreUnavailableException)
        {
            return NotDurable;
        }
    }

    private OAuthError Count(HttpContext http, ReasonCode code, OAuthError why)
    {
        refusals.Record(OrganisationId.Default, http.Connection.RemoteIpAddress, code);
        return why;
    }
}

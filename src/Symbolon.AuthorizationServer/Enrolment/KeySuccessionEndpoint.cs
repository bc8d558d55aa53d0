using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.Audit;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;
using Symbolon.Jose.Proofs;

namespace Symbolon.AuthorizationServer.Enrolment;

/// <summary>
/// An instance of a server replaces its key without anybody's help: the old key signs the client's assertion, in which it names the new one
/// (<c>cnf.jkt</c>), and the new one the proof (RFC 9449 §4): an assertion that was meant for anything else puts nobody's key in its place. The same two keys again get the same answer. Also a key that is too old for tokens is let in.
/// </summary>
internal sealed class KeySuccessionEndpoint(ClientEntry entry, KeyProofs keys, IEnrolments enrolments, ProofLog proofs, IRefusalLog refusals, EnrolmentAnswers answers)
{
    public const string Path = "/oauth/rotate";

    private static readonly OAuthError NoServer = OAuthError.UnauthorizedClient("Only the instance of a server replaces its key here.");
    private static readonly OAuthError NoProof = OAuthError.ProofNeeded("Send a DPoP proof with the new key; the old one signs the assertion.");
    private static readonly OAuthError NotNamed = OAuthError.InvalidGrant("The assertion does not name the key that is proved: its thumbprint belongs there as cnf.jkt, signed by the old key.");
    private static readonly OAuthError NotDurable = OAuthError.TemporarilyUnavailable("It cannot be recorded at this moment; nothing was done.");

    public async Task HandleAsync(HttpContext http)
    {
        if (await entry.OpenAsync(http, allowsPublic: false, allowsFormer: true) is not { } opened) return;
        if ((await AnswerAsync(http, opened)).Failed(out var why, out var enrolled)) await OAuthAnswer.WriteAsync(http, why);
        else await answers.WriteAsync(http, opened.Origin, enrolled);
    }

    private async Task<OAuthOutcome<EnrolmentOutcome.Enrolled>> AnswerAsync(HttpContext http, ClientRequest opened)
    {
        if (keys.Check(http, opened, Path).Failed(out var why, out var request)) return await RefuseAsync(opened, why);
        if (request is not { Client.Server: { } server, Proof.SignedBy: { } old }) return await RefuseAsync(request, NoServer);
        if (request.Key is not { } key) return await RefuseAsync(request, NoProof);
        if (request.Proof.VouchesFor != key) return await RefuseAsync(request, NotNamed);
        var jwk = EnrolmentAnswers.JwkOf(http.Request.Headers[ProofHeader.Proof][0]!);
        try
        {
            // Not cancelled by a client that leaves: what was begun is finished, and the same keys get the same answer.
            return await enrolments.SucceedAsync(new KeySuccession(request.Organisation, server, old, key, jwk, request.Uses, request.Peer?.ToString()), CancellationToken.None) switch
            {
                EnrolmentOutcome.Enrolled enrolled => enrolled,
                EnrolmentOutcome.Refused { Message: var message } => OAuthError.InvalidGrant(message),
                _ => Replay(request),
            };
        }
        catch (StoreUnavailableException)
        {
            return NotDurable;
        }
    }

    private OAuthError Replay(ClientRequest request)
    {
        // Whichever of the two it was: the store has said so.
        refusals.Record(request.Organisation, request.Peer, ReasonCode.ProofInvalid);
        return OAuthError.InvalidProof(new ProofRefusal(ProofFault.Replayed));
    }

    private Task<OAuthError> RefuseAsync(ClientRequest request, OAuthError why) => proofs.RefuseAsync(request, AuditKind.Enrolment, "replace the key", why);
}

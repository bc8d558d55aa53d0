using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Token;

/// <summary>
/// A server shows the token of a call and gets one for its API (RFC 8693): for the same subject, itself as the newest actor, and no more than the tool needs for this call
/// and reviewers have approved. DESIGN.md section 4, Identities on the way.
/// </summary>
internal sealed class TokenExchangeGrant(ServerRequests servers, LiveDownstream tokens, TimeProvider clock) : IGrant
{
    public const string Name = "urn:ietf:params:oauth:grant-type:token-exchange";

    private static readonly OAuthError NoServer = OAuthError.UnauthorizedClient("Only servers exchange tokens, those that were shown to them with a call.");
    private static readonly OAuthError NoSubject = OAuthError.InvalidRequest("subject_token and subject_token_type are needed.");
    private static readonly OAuthError OtherType = OAuthError.InvalidRequest($"Every token type has to be {DownstreamOrder.AccessTokenType}.");
    private static readonly OAuthError HalfActor = OAuthError.InvalidRequest("actor_token and actor_token_type belong together.");

    /// <summary>One text for what the server can only set right by another call.</summary>
    private static readonly OAuthError BadSubject = OAuthError.InvalidRequest(
        "The subject token is not good: it has to be the token of a call to this server as the gateway sent it, live, not revoked, and with everybody in it active.");

    private static readonly OAuthError BadActor = OAuthError.InvalidRequest("The actor token is not this server's own live credential, bound to the key that is proved.");
    private static readonly OAuthError Cycle = OAuthError.InvalidRequest("This server is in the chain of the subject token already.");
    private static readonly OAuthError TooDeep = OAuthError.InvalidRequest($"The chain would have more than {DownstreamToken.MostActors} actors.");
    private static readonly OAuthError NoTool = OAuthError.InvalidScope("The subject token is of no call of a tool, so there is nothing that it needs.");
    private static readonly OAuthError NoNeeds = OAuthError.InvalidScope("The tool does not say what it needs. Name its needs in the server's file and have it approved.");
    private static readonly OAuthError Suspended = OAuthError.InvalidScope("The tool is suspended since it is listed otherwise than it was reviewed.");

    public string Type => Name;

    public Task<OAuthOutcome<GrantedToken>> DecideAsync(ClientRequest request) => Task.FromResult(Decide(request));

    private OAuthOutcome<GrantedToken> Decide(ClientRequest request)
    {
        if (request.Client.Server is null) return NoServer;
        if (servers.Open(request).Failed(out var why, out var server) || Subject(request, server).Failed(out why, out var subject)) return why;
        if (Actor(request, server).Failed(out why, out var actor)) return why;
        if (subject.Tool is not { } tool) return NoTool;
        if (subject.Details is not { } needed) return NoNeeds;
        if (server.Server.DoubtedTools().Contains(tool)) return Suspended;
        if (AskedNeeds.Of(request.Form, needed.Intersect(server.Needs), "what the tool needs for this call and reviewers have approved").Failed(out why, out var details)) return why;
        return new GrantedToken(new DownstreamOrder(request.Organisation, request.Origin, server.Name, server.Credential.Audience, CallTokens.Life)
        {
            Limits = details, Subject = subject, NoLaterThan = Math.Min(subject.ExpiresAt, actor.EndsAt), KeyTerm = server.KeyTerm,
            Recorded = RecordedNeeds.AreUnbound(server.Server, tool) ? request.Facts.Allowed : null,
        });
    }

    private OAuthOutcome<DownstreamToken> Subject(ClientRequest request, AskingServer server)
    {
        var form = request.Form;
        if (form[OAuthParameter.SubjectToken] is not { } text || form[OAuthParameter.SubjectTokenType] is not { } type) return NoSubject;
        if (type != DownstreamOrder.AccessTokenType || form[OAuthParameter.RequestedTokenType] is not (null or DownstreamOrder.AccessTokenType)) return OtherType;
        if (tokens.Find(request.Organisation, text, clock.Microseconds()) is not { Kind: DownstreamKind.Call } subject) return BadSubject;
        // Verified: whatever comes of it, the record says for whom it was asked.
        request.Facts.Subject = subject;
        RecordedNeeds.Note(request, server.Server, subject);
        if (subject.Server != server.Name || subject.Audience != server.Server.Approved!.Manifest.Upstream.Endpoint?.OriginalString) return BadSubject;
        if (subject.Chain.Contains(ClientId.Of(server.Name).Value)) return Cycle;
        return subject.Chain.Count > DownstreamToken.MostActors ? TooDeep : subject;
    }

    /// <summary>The client is the actor; it may say so by its own credential too, which then bounds what it gets (RFC 8693 §2.1).</summary>
    private OAuthOutcome<ActorEnd> Actor(ClientRequest request, AskingServer server)
    {
        var (text, type) = (request.Form[OAuthParameter.ActorToken], request.Form[OAuthParameter.ActorTokenType]);
        if ((text is null) != (type is null)) return HalfActor;
        if (text is null) return new ActorEnd(long.MaxValue);
        if (type != DownstreamOrder.AccessTokenType) return OtherType;
        return tokens.Find(request.Organisation, text, clock.Microseconds()) is { Kind: DownstreamKind.Credential } actor && actor.Server == server.Name && actor.Key is { } key && key == request.Key
            ? new ActorEnd(actor.ExpiresAt) : BadActor;
    }

    private sealed record ActorEnd(long EndsAt);
}

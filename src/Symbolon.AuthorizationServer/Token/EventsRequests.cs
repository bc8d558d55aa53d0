using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Token;

/// <summary>What an API may have for itself: a token by which it fetches its security events, where an administrator lets it, and nothing else.</summary>
internal static class EventsRequests
{
    private static readonly OAuthError NoTokens = OAuthError.UnauthorizedClient("This client is an API; it gets no tokens. One that fetches security events (events: poll) gets one for these.");
    private static readonly OAuthError NotTold = OAuthError.InvalidTarget("This client fetches no security events. An administrator lets it: symbolon client events NAME --set poll.");
    private static readonly OAuthError OtherTarget = OAuthError.InvalidTarget($"This client gets a token for security events alone: resource=ORIGIN{EventsToken.Path}.");
    private static readonly OAuthError OtherScope = OAuthError.InvalidScope($"The scope here is {EventsToken.Scope}, without authorization_details.");

    public static OAuthOutcome<GrantedToken> Decide(ClientRequest request)
    {
        var form = request.Form;
        var isAsked = form.Audiences.Concat(form.Resources).ToList() is { Count: > 0 } targets && targets.TrueForAll(target => target == request.Origin + EventsToken.Path);
        if (!request.Client.FetchesEvents) return isAsked ? NotTold : NoTokens;
        if (!isAsked) return OtherTarget;
        if (form[OAuthParameter.Scope] is not (null or EventsToken.Scope) || form[OAuthParameter.AuthorizationDetails] is not null) return OtherScope;
        return new GrantedToken(new EventsOrder(request.Organisation, request.Origin, request.Id, request.Proof.SignedBy));
    }
}

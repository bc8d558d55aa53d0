using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Requests;

/// <summary>
/// Answers by sending the browser back to the client (RFC 6749 §4.1.2), always with the issuer (RFC 9207 §2) and with the state as it came. Made only
/// for a redirect URI that was found to be the client's.
/// </summary>
/// <param name="Issuer">Ours, as the request selected it.</param>
internal sealed record RedirectAnswer(string RedirectUri, string? State, string Issuer)
{
    public LeaveResult Code(string code) => To((OAuthParameter.Code, code));

    public LeaveResult Error(OAuthError error) => To((OAuthParameter.Error, error.Code), (OAuthParameter.ErrorDescription, error.Description));

    private LeaveResult To(params (string Name, string Value)[] members)
    {
        (string Name, string? Value)[] all = [.. members.Select(each => (each.Name, (string?)each.Value)), (OAuthParameter.State, State), (OAuthParameter.Issuer, Issuer)];
        var query = string.Join('&', all.Where(each => each.Value is not null).Select(each => $"{each.Name}={Uri.EscapeDataString(each.Value!)}"));
        var separator = !RedirectUri.Contains('?', StringComparison.Ordinal) ? "?" : RedirectUri[^1] is '?' or '&' ? "" : "&";
        return new LeaveResult(RedirectUri + separator + query);
    }
}

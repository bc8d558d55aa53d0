using Symbolon.AuthorizationServer.Requests;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Authorize;

/// <summary>What came of reading an authorization request.</summary>
internal abstract record ReadRequest
{
    private ReadRequest() { }

    /// <summary>It is good.</summary>
    /// <param name="Again">The parameters by which the same browser can ask again, form-encoded.</param>
    public sealed record Good(AuthorizationRequest Request, string Again) : ReadRequest;

    /// <summary>It is not, and client and redirect URI are known: the client is told.</summary>
    /// <param name="IsVouchedFor">An administrator registered the client; else anybody may have, to be led elsewhere from here.</param>
    public sealed record Bad(RedirectAnswer Answer, OAuthError Why, bool IsVouchedFor) : ReadRequest;

    /// <summary>It is not known where an answer may go: the person is told, and the browser goes nowhere (RFC 6749 §4.1.2.1).</summary>
    public sealed record Stopped(OAuthError Why) : ReadRequest;
}

using System.Net;
using System.Net.Http.Headers;
using Symbolon.Client.Credentials;
using Symbolon.Client.Http;
using Symbolon.Client.Keys;

namespace Symbolon.Client.Calls;

/// <summary>
/// Puts the right token and a fresh proof on each request to the API: the one that the caller's token is exchanged for while a call is being answered, else
/// the server's own. The caller's own token never leaves. Requests go to the API that the credential is for and to no other address; where there is no token, no
/// request is made.
/// </summary>
/// <param name="incoming">The call that is being answered, null between calls. In ASP.NET Core it comes with <c>AddSymbolonServer</c>.</param>
public sealed class SymbolonHandler(ServerCredential credential, Func<IncomingCall?>? incoming = null) : DelegatingHandler
{
    /// <summary>Bytes of a body that is kept, so that the request can be made once more.</summary>
    private const long MostKept = 1024 * 1024;

    /// <exception cref="SymbolonException">There is no token: Symbolon refused it or cannot be reached, or the request goes elsewhere than to the API.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var url = Target(request);
        var call = incoming?.Invoke();
        var trace = call?.TraceParent is { } parent ? new TraceContext(parent, call.TraceState) : null;
        trace?.AddTo(request);
        var canRepeat = await KeepBodyAsync(request.Content, cancellationToken);
        var token = await SignAsync(request, url, call?.Token, trace, cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        var wantsNonce = Challenge(response) == "use_dpop_nonce" && NonceOf(response) is not null;
        credential.Nonces.Keep(url, NonceOf(response));
        if (!canRepeat || !(wantsNonce || (Challenge(response) == "invalid_token" && credential.Forget(call?.Token, token)))) return response;
        response.Dispose();
        await SignAsync(request, url, call?.Token, trace, cancellationToken);
        response = await base.SendAsync(request, cancellationToken);
        credential.Nonces.Keep(url, NonceOf(response));
        return response;
    }

    /// <summary>Not supported: getting a token waits for an answer.</summary>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Calls with a token of Symbolon are asynchronous.");

    private Uri Target(HttpRequestMessage request)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true } url) throw new InvalidOperationException("The request needs an absolute address.");
        var api = credential.Audience;
        if (Uri.Compare(url, api, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) != 0 || url.UserInfo.Length > 0)
            throw new SymbolonException("wrong_target", $"This credential is for {api.GetLeftPart(UriPartial.Authority)} and goes to no other address.");
        return url;
    }

    private async ValueTask<string> SignAsync(HttpRequestMessage request, Uri url, string? subject, TraceContext? trace, CancellationToken cancellation)
    {
        var token = await credential.TokenAsync(subject, trace, cancellation);
        var proof = SignedClaims.Proof(credential.Key, request.Method, url, token, credential.Nonces.Find(url), credential.Clock);
        // Whatever somebody has put there, a copy of the caller's token included, is replaced.
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", token);
        request.Headers.Remove("DPoP");
        request.Headers.TryAddWithoutValidation("DPoP", proof);
        return token;
    }

    /// <returns>Whether the request can be made again.</returns>
    private static async ValueTask<bool> KeepBodyAsync(HttpContent? content, CancellationToken cancellation)
    {
        if (content is null) return true;
        if (content.Headers.ContentLength is not <= MostKept) return false;
        await content.LoadIntoBufferAsync(MostKept, cancellation);
        return true;
    }

    private static string? NonceOf(HttpResponseMessage response) => response.Headers.TryGetValues("DPoP-Nonce", out var nonces) ? nonces.First() : null;

    /// <returns>The error of a DPoP challenge (RFC 9449 §7.1, §9).</returns>
    private static string? Challenge(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.Unauthorized) return null;
        var challenge = response.Headers.WwwAuthenticate.FirstOrDefault(each => string.Equals(each.Scheme, "DPoP", StringComparison.OrdinalIgnoreCase))?.Parameter;
        if (challenge is null) return null;
        foreach (var error in (string[])["use_dpop_nonce", "invalid_token"])
            if (challenge.Contains($"error=\"{error}\"", StringComparison.Ordinal)) return error;
        return null;
    }
}

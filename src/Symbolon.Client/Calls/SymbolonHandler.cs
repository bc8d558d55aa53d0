using System.Net;
using System.Net.Http.Headers;
using Symbolon.Client.Credentials;
using Symbolon.Client.Http;
using Symbolon.Client.Keys;

namespace Symbolon.Client.Calls;

/// <summary>
/// Puts the right token and a fresh proof on each request to the API: the one that the token of the call that is being answered is exchanged for, which lets the server do what
/// this caller may and no more. The caller's own token never leaves. Requests go to the API that the credential is for and to no other address; where there is no token, no
/// request is made, and nothing takes the place of a caller that is not known.
/// </summary>
public sealed class SymbolonHandler : DelegatingHandler
{
    /// <summary>Bytes of a body that is kept, so that the request can be made once more.</summary>
    private const long MostKept = 1024 * 1024;

    private const string NoCaller = "No call is being answered here, so there is nobody to ask the API for. What the server does in its own name goes through SymbolonHandler.AsServer.";

    private readonly ServerCredential credential;

    /// <summary>Null for what the server does in its own name.</summary>
    private readonly Func<IncomingCall?>? incoming;

    /// <param name="incoming">The call that is being answered; where it gives null, no request is made. In ASP.NET Core it is <c>IncomingCalls.Find</c>.</param>
    public SymbolonHandler(ServerCredential credential, Func<IncomingCall?> incoming)
        : this(credential)
    {
        ArgumentNullException.ThrowIfNull(incoming);
        this.incoming = incoming;
    }

    private SymbolonHandler(ServerCredential credential) => this.credential = credential;

    /// <summary>
    /// For what the server does in its own name, for no caller: with all that was approved for it. Never for what somebody has called it for, since then it would do what they may not.
    /// </summary>
    public static SymbolonHandler AsServer(ServerCredential credential) => new(credential);

    /// <exception cref="SymbolonException">There is no token: no call is being answered, Symbolon refused it or cannot be reached, or the request goes elsewhere than to the API.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var url = Target(request);
        var call = incoming is null ? null : incoming() ?? throw new SymbolonException("no_caller", NoCaller);
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
        if (Uri.Compare(url, api, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) != 0 || url.UserInfo.Length > 0 || !IsBelow(url, api))
            throw new SymbolonException("wrong_target", $"This credential is for {api.GetLeftPart(UriPartial.Path)} and goes to no other address.");
        return url;
    }

    /// <summary>By whole segments, and none that leads back up once somebody decodes it: behind one origin there can be APIs of others.</summary>
    private static bool IsBelow(Uri url, Uri api)
    {
        var above = api.AbsolutePath.TrimEnd('/');
        if (above.Length == 0) return true;
        var path = url.AbsolutePath;
        return path.StartsWith(above, StringComparison.Ordinal) && (path.Length == above.Length || path[above.Length] == '/')
            && !Uri.UnescapeDataString(path).Split('/', '\\').Contains("..", StringComparer.Ordinal);
    }

    private async ValueTask<string> SignAsync(HttpRequestMessage request, Uri url, string? subject, TraceContext? trace, CancellationToken cancellation)
    {
        var issued = await credential.TokenAsync(subject, trace, cancellation);
        var proof = SignedClaims.Proof(issued.Key, request.Method, url, issued.Text, credential.Nonces.Find(url), credential.Clock);
        // Whatever somebody has put there, a copy of the caller's token included, is replaced.
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", issued.Text);
        request.Headers.Remove("DPoP");
        request.Content?.Headers.Remove("DPoP");
        request.Headers.TryAddWithoutValidation("DPoP", proof);
        return issued.Text;
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

using System.Net;
using System.Security.Cryptography;
using System.Text;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Requests;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Snapshot;
using Symbolon.Jose;

namespace Symbolon.AuthorizationServer.Par;

/// <summary>
/// References to pushed requests (RFC 9126 §2.2): 256 random bits, good for 60 seconds and one browser. Who has opened one may load it again for ten
/// minutes, since a sign-in may come between; to anybody else, and once it is answered, it is gone.
/// </summary>
internal sealed class PushedRequests(IAuthorizationStore store, TimeProvider clock)
{
    public const string Prefix = "urn:ietf:params:oauth:request_uri:";

    /// <summary>Seconds within which it has to be opened.</summary>
    public const int Life = 60;

    private const int SecretBytes = 32;
    private const int SecretLength = 43;
    private const long OpenFor = 600_000_000;

    public static readonly OAuthError Gone = OAuthError.InvalidRequest("This request is over, or was opened in another browser. Go back to the program and begin again.");

    /// <param name="peer">As of <see cref="PushedRequest"/>.</param>
    /// <returns>The reference, and what to store under it.</returns>
    public (string Reference, PushedRequest Request) Make(ClientId client, string parameters, string peer)
    {
        var secret = Base64Url.Encode(RandomNumberGenerator.GetBytes(SecretBytes));
        return (Prefix + secret, new PushedRequest(HashOf(secret), client, parameters, clock.Microseconds() + Life * 1_000_000L, peer));
    }

    /// <summary>Keeps what a browser brought itself, for one that has to sign in first and could not carry it all.</summary>
    /// <returns>The reference; null when as many wait as may.</returns>
    public async Task<string?> KeepAsync(OrganisationId organisation, ClientId client, string parameters, IPAddress? peer)
    {
        var (reference, request) = Make(client, parameters, PeerNetwork.TextOf(peer));
        return await store.WriteAsync(organisation, new AuthorizationWrite.Push(request with { ExpiresAt = clock.Microseconds() + OpenFor }), [], [], CancellationToken.None)
            == AuthorizationCommit.Done ? reference : null;
    }

    /// <param name="browser">SHA-256 of what only this browser has.</param>
    /// <returns>What <paramref name="client"/> has pushed.</returns>
    public async Task<OAuthOutcome<PushedRequest>> OpenAsync(OrganisationId organisation, string reference, ClientId client, TokenHash browser, CancellationToken cancellation)
    {
        if (!reference.StartsWith(Prefix, StringComparison.Ordinal) || reference.Length != Prefix.Length + SecretLength || !Ascii.IsValid(reference)) return Gone;
        var now = clock.Microseconds();
        return await store.OpenAsync(organisation, HashOf(reference[Prefix.Length..]), client, browser, now, now + OpenFor, cancellation) is { } found ? found : Gone;
    }

    /// <summary>Uses up what a request was pushed as, since it is refused.</summary>
    public async Task RefuseAsync(OrganisationId organisation, AuthorizationRequest request)
    {
        if (request.Pushed is { } pushed) await store.WriteAsync(organisation, new AuthorizationWrite.Refuse { Pushed = pushed.Hash }, [], [], CancellationToken.None);
    }

    private static TokenHash HashOf(string secret) => TokenHash.Of(Encoding.ASCII.GetBytes(secret));
}

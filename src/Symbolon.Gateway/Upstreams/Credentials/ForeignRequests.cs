using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Outbound;
using Symbolon.Core.Registry;

namespace Symbolon.Gateway.Upstreams.Credentials;

/// <summary>
/// Asks a foreign token endpoint for what a server that lives under it is shown: by RFC 8693, or by RFC 7523 in Microsoft's form; for the gateway itself by the client's own credential.
/// What it is shown of a caller is an assertion of ours. The caller's token is not even known here.
/// </summary>
internal sealed class ForeignRequests(IFormPost post, IForeignAssertions assertions, IPublicOrigins origins)
{
    private const string ExchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";
    private const string JwtGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private const string JwtType = "urn:ietf:params:oauth:token-type:jwt";
    private const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static readonly ForeignAnswer.Fault NoKey = new("was not asked: there is no key at this moment to sign what it is shown");

    /// <param name="secret">The client's, where the file names one.</param>
    /// <param name="caller">Null for what the gateway asks for itself.</param>
    /// <returns>Never throws for anything that the other side does.</returns>
    public async Task<ForeignAnswer> AskAsync(OrganisationId organisation, UpstreamCredential.Foreign at, string? secret, TokenRecord? caller, CancellationToken cancellation)
    {
        if (origins.Primary is not { } issuer) return NoKey;
        var order = new ForeignAssertionOrder(organisation, issuer, at.Issuer ?? at.TokenEndpoint);
        string? assertion = null, proof = null;
        if (caller is not null && (assertion = assertions.OfCaller(order, caller)) is null) return NoKey;
        if (secret is null && (proof = assertions.OfClient(order, at.Client)) is null) return NoKey;
        var form = new List<KeyValuePair<string, string>>();
        AddGrant(form, at, assertion);
        // What callers may have there is not the gateway's own: it reads lists, and the server gets to hold what it is shown.
        if (assertion is not null && at.Scope is { } scope) Add(form, OAuthParameter.Scope, scope);
        if (proof is not null) AddClient(form, at.Client, proof);
        var answer = await post.PostAsync(new Uri(at.TokenEndpoint), form, secret is null ? null : BasicOf(at.Client, secret), ForeignAnswer.MostBytes, cancellation);
        return ForeignAnswer.Of(answer, new[] { assertion, proof, secret }.OfType<string>());
    }

    private static void AddGrant(List<KeyValuePair<string, string>> form, UpstreamCredential.Foreign at, string? assertion)
    {
        switch (at.Style)
        {
            case var style when assertion is null:
                Add(form, OAuthParameter.GrantType, "client_credentials");
                if (style == ForeignStyle.TokenExchange) Add(form, OAuthParameter.AudienceParameter, at.Audience);
                break;
            case ForeignStyle.OnBehalfOf:
                Add(form, OAuthParameter.GrantType, JwtGrant);
                Add(form, OAuthParameter.Assertion, assertion);
                Add(form, "requested_token_use", "on_behalf_of");
                break;
            default:
                Add(form, OAuthParameter.GrantType, ExchangeGrant);
                Add(form, OAuthParameter.SubjectToken, assertion);
                Add(form, OAuthParameter.SubjectTokenType, JwtType);
                Add(form, OAuthParameter.RequestedTokenType, AccessTokenType);
                Add(form, OAuthParameter.AudienceParameter, at.Audience);
                break;
        }
    }

    /// <summary>RFC 7523 §2.2.</summary>
    private static void AddClient(List<KeyValuePair<string, string>> form, string client, string proof)
    {
        Add(form, OAuthParameter.ClientId, client);
        Add(form, OAuthParameter.ClientAssertionType, AssertionType);
        Add(form, OAuthParameter.ClientAssertion, proof);
    }

    /// <summary>RFC 6749 §2.3.1: both parts in the form's own encoding, so that a colon in them is none between them.</summary>
    private static string BasicOf(string client, string secret) => "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Encoded(client)}:{Encoded(secret)}"));

    private static string Encoded(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    private static void Add(List<KeyValuePair<string, string>> form, string name, string value) => form.Add(new(name, value));
}

using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core.Audit;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Token;

/// <summary>
/// The token endpoint (RFC 6749 §3.2): form and client, proof of a key, grant type, decision, signature, record; and only then the answer. What is
/// decided is written down with the proofs that were used for it, in one transaction. A token is bound to the key whose proof came (RFC 9449 §5).
/// </summary>
internal sealed class TokenEndpoint(ClientEntry entry, KeyProofs keys, IEnumerable<IGrant> grants, BindingDecision binding, AccessTokenIssuer issuer, ProofLog proofs)
{
    public const string Path = "/oauth/token";

    private const int MostScopeText = 4096;

    public IEnumerable<string> GrantTypes => grants.Select(grant => grant.Type);

    public async Task HandleAsync(HttpContext http)
    {
        if (await entry.OpenAsync(http) is not { } opened) return;
        if (keys.Check(http, opened, Path).Failed(out var why, out var request) || Decide(request).Failed(out why, out var issued))
        {
            await OAuthAnswer.WriteAsync(http, await proofs.RefuseAsync(request ?? opened, AuditKind.TokenIssued, "issue", why));
            return;
        }
        if (await proofs.UseAsync(request, RecordOf(request, issued)) is { } failure) await OAuthAnswer.WriteAsync(http, failure);
        else await AnswerAsync(http, issued);
    }

    private OAuthOutcome<IssuedAccessToken> Decide(ClientRequest request)
    {
        if (request.Form[OAuthParameter.GrantType] is not { } type) return OAuthError.InvalidRequest("grant_type is missing.");
        if (grants.FirstOrDefault(grant => grant.Type == type) is not { } grant)
            return OAuthError.UnsupportedGrantType($"grant_type must be one of: {string.Join(", ", GrantTypes)}.");
        // Nothing that was asked for is passed over in silence: a token that is other than asked might be taken for a narrower one.
        if (request.Form[OAuthParameter.AuthorizationDetails] is not null)
            return OAuthError.InvalidAuthorizationDetails("No type of authorization_details is supported; ask by scope.");
        if (grant.Decide(request).Failed(out var why, out var order)) return why;
        order = order with { Key = request.Key };
        return binding.Check(order) is { } unbound ? unbound : issuer.Issue(order);
    }

    private AuditEvent RecordOf(ClientRequest request, IssuedAccessToken issued)
    {
        var order = issued.Order;
        var record = proofs.RecordOf(request, AuditKind.TokenIssued, order.Holder, $"issue by {request.Form[OAuthParameter.GrantType]}");
        record.Token = issued.Id.Value;
        record.Server = order.Resource.Server.Value;
        record.Scope = order.Scope.Length <= MostScopeText ? order.Scope : order.Scope[..MostScopeText] + " ...";
        record.Target = $"Authorization/{order.Authorization}";
        if (order.Key is { } key) record.Reason = $"bound to the key {key}";
        return record;
    }

    private static Task AnswerAsync(HttpContext http, IssuedAccessToken token) => OAuthAnswer.WriteAsync(http, StatusCodes.Status200OK, json =>
    {
        json.WriteString(OAuthParameter.AccessToken, token.Text);
        json.WriteString(OAuthParameter.TokenType, token.Order.TokenType);
        json.WriteNumber(OAuthParameter.ExpiresIn, token.Order.Seconds);
        json.WriteString(OAuthParameter.Scope, token.Order.Scope);
    });
}

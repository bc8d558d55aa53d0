using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Token;

/// <summary>
/// The token endpoint (RFC 6749 §3.2): form and client, proof of a key, grant type, decision, signature, record; and only then the answer. What is
/// decided is written down with the proofs that were used for it, in one transaction. A token is bound to the key whose proof came (RFC 9449 §5).
/// </summary>
internal sealed class TokenEndpoint(ClientEntry entry, KeyProofs keys, IEnumerable<IGrant> grants, BindingDecision binding, AccessTokenIssuer issuer, DownstreamIssuer downstream, ProofLog proofs, TimeProvider clock)
{
    public const string Path = "/oauth/token";

    /// <summary>How often another request may come between with the same code or refresh token.</summary>
    private const int MostTries = 4;

    private static readonly OAuthError Contended = OAuthError.TemporarilyUnavailable("Several requests with the same secret come at once.");
    private static readonly OAuthError NotNow = OAuthError.TemporarilyUnavailable("The store cannot be asked at this moment.");

    private static readonly OAuthError Unbound = OAuthError.ProofNeeded("This client gets bound tokens alone (dpop_bound_access_tokens): send a DPoP proof with the token request.");

    public IEnumerable<string> GrantTypes => grants.Select(grant => grant.Type);

    public async Task HandleAsync(HttpContext http)
    {
        if (await entry.OpenAsync(http, allowsWorkloads: true) is not { } opened) return;
        var (kind, action) = opened.Form[OAuthParameter.GrantType] == TokenExchangeGrant.Name ? (AuditKind.TokenExchanged, "exchange") : (AuditKind.TokenIssued, "issue");
        opened.Facts.Trace = TraceHeader.IdOf(http.Request.Headers.TraceParent);
        if (keys.Check(http, opened, Path).Failed(out var refused, out var request))
        {
            await OAuthAnswer.WriteAsync(http, await proofs.RefuseAsync(opened, kind, action, refused));
            return;
        }
        for (var tries = 0; tries < MostTries; tries++)
        {
            if ((await DecideAsync(request)).Failed(out var why, out var granted) || Issue(request, granted).Failed(out why, out var issued))
            {
                await OAuthAnswer.WriteAsync(http, await proofs.RefuseAsync(request, kind, action, why));
                return;
            }
            var record = RecordOf(request, kind, action, issued);
            var (found, failure) = granted.Step is { } step ? await proofs.UseAsync(request, record, step) : (true, await proofs.UseAsync(request, record));
            // Somebody else was faster with the same secret: what that means, the grant says.
            if (!found) continue;
            if (failure is not null) await OAuthAnswer.WriteAsync(http, failure);
            else await AnswerAsync(http, issued, granted.RefreshToken);
            return;
        }
        await OAuthAnswer.WriteAsync(http, await proofs.RefuseAsync(request, kind, action, Contended));
    }

    private async Task<OAuthOutcome<GrantedToken>> DecideAsync(ClientRequest request)
    {
        if (request.Form[OAuthParameter.GrantType] is not { } type) return OAuthError.InvalidRequest("grant_type is missing.");
        if (grants.FirstOrDefault(grant => grant.Type == type) is not { } grant)
            return OAuthError.UnsupportedGrantType($"grant_type must be one of: {string.Join(", ", GrantTypes)}.");
        try
        {
            return await grant.DecideAsync(request);
        }
        catch (StoreUnavailableException)
        {
            return NotNow;
        }
    }

    private OAuthOutcome<IssuedToken> Issue(ClientRequest request, GrantedToken granted)
    {
        var order = granted.Order with { Key = request.Key };
        if (order.Key is null && request.Client.MustProveKey) return Unbound;
        return order switch
        {
            AccessTokenOrder own => binding.Check(own) is { } unbound ? unbound : issuer.Issue(own),
            DownstreamOrder api => downstream.Issue(api),
            EventsOrder events => issuer.Issue(events),
            _ => throw new InvalidOperationException($"Unknown order {order.GetType()}"),
        };
    }

    private AuditEvent RecordOf(ClientRequest request, AuditKind kind, string action, IssuedToken issued)
    {
        var record = proofs.RecordOf(request, kind, holder: null, kind == AuditKind.TokenExchanged ? action : $"{action} by {request.Form[OAuthParameter.GrantType]}");
        record.Token = issued.Id.Value;
        issued.Order.Describe(record);
        if (request.Proof.Workload is { } workload) record.Reason = $"{record.Reason}, {workload.InWords}";
        return record;
    }

    private Task AnswerAsync(HttpContext http, IssuedToken token, string? refreshToken) => OAuthAnswer.WriteAsync(http, StatusCodes.Status200OK, json =>
    {
        json.WriteString(OAuthParameter.AccessToken, token.Text);
        if (token.Order.IssuedType is { } type) json.WriteString(OAuthParameter.IssuedTokenType, type);
        json.WriteString(OAuthParameter.TokenType, token.Order.TokenType);
        json.WriteNumber(OAuthParameter.ExpiresIn, token.Seconds);
        if (refreshToken is not null) json.WriteString(OAuthParameter.RefreshToken, refreshToken);
        json.WriteString(OAuthParameter.Scope, token.Order.Scope);
        AuthorizationDetails.WriteMember(json, token.Order.Limits);
        if (token.Order is not DownstreamOrder { KeyTerm: { DueAt: { } due } term }) return;
        json.WriteNumber(OAuthParameter.KeyExpiresIn, Math.Max(0, (due - clock.Microseconds()) / 1_000_000));
        if (term.IsOrdered) json.WriteBoolean(OAuthParameter.ReplaceKey, true);
    });
}

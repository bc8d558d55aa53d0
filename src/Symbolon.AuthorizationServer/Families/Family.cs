using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Issuing;
using Symbolon.AuthorizationServer.Revocation;
using Symbolon.Core;
using Symbolon.Core.Accounts;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Families;

/// <summary>
/// What hangs on one consent. Everybody in it and all grants are looked at anew each time a token is made of it: it only ever gets narrower, and it ends
/// when one of its secrets turns up a second time.
/// </summary>
internal sealed class Family(
    Configuration configuration, ScopeDecision scopes, LiveAuthorizations live, Revoker revoker, IAccountStore accounts, AuthorizationServerOptions options, TimeProvider clock)
{
    private const long PerSecond = 1_000_000;

    private static readonly OAuthError Over = OAuthError.InvalidGrant("The consent that this belongs to is over: it was taken back, or has run out. Ask the person again.");
    private static readonly OAuthError NothingLeft = OAuthError.InvalidGrant("No live grant allows anything of what was consented to.");
    private static readonly OAuthError Elsewhere = OAuthError.InvalidTarget("resource is not the one that was consented to.");
    private static readonly OAuthError WiderLimits = OAuthError.InvalidAuthorizationDetails("authorization_details names more than what was consented to. Ask the person again.");
    private static readonly OAuthError Wider = OAuthError.InvalidScope("A scope is asked for that was not consented to. Ask the person again.");

    /// <summary>Whether nothing and nobody in it has ended, the person's account included: a password that was reset ends what was consented to before.</summary>
    /// <exception cref="StoreUnavailableException">The person cannot be looked up.</exception>
    public async Task<bool> IsAliveAsync(Authorization authorization)
    {
        var person = await accounts.FindAsync(authorization.Organisation, authorization.Holder.User!.Value, CancellationToken.None);
        // Asked for last: what was revoked while the store was asked counts.
        return person is { IsSuspended: false } && authorization.CreatedAt > person.NotBefore && IsAlive(authorization);
    }

    /// <summary>The same but for the account.</summary>
    public bool IsAlive(Authorization authorization) => live.IsAlive(authorization);

    /// <summary>Decides the next access token: what was consented to, of that what is asked for now, and of that what is still granted.</summary>
    /// <exception cref="StoreUnavailableException">The person cannot be looked up.</exception>
    public async Task<OAuthOutcome<AccessTokenOrder>> OrderAsync(ClientRequest request, Authorization authorization) =>
        await IsAliveAsync(authorization) ? Order(request, authorization) : Over;

    private OAuthOutcome<AccessTokenOrder> Order(ClientRequest request, Authorization authorization)
    {
        var resource = authorization.Resource;
        if (!ScopeDecision.TryReadLimits(request.Form, out var limits, out var unread)) return unread;
        if (limits is not null && authorization.Limits?.Covers(limits) == false) return WiderLimits;
        if (request.Form.Resources.Count > 0 || request.Form[OAuthParameter.Scope] is not null)
        {
            if (scopes.Read(request.Form, authorization.Origin).Failed(out var why, out var asked)) return why;
            if (asked.Resource != resource) return Elsewhere;
            if (Narrow(request.Organisation, authorization.Access, asked.Parts) is not { } narrowed) return Wider;
            authorization = authorization with { Access = narrowed };
        }
        // Without a scope all that is granted would be meant.
        if (authorization.Access is { Tools.IsEmpty: true, AllPrompts: false, AllResources: false }) return NothingLeft;
        if (scopes.Decide(request.Organisation, authorization.Holder, new AskedScope(resource, Parts(authorization.Access), limits ?? authorization.Limits), authorization.CreatedAt).Failed(out var refused, out var decided))
            // What the client narrowed it to itself is no reason to give the consent up.
            return limits is null ? NothingLeft : refused;
        var left = (authorization.ExpiresAt - clock.Microseconds()) / PerSecond;
        return new AccessTokenOrder(
            request.Organisation, authorization.Origin, request.Id, authorization.Holder, authorization.Id, resource, decided.Access,
            Math.Max(1, Math.Min(Math.Min((long)options.AccessTokenTtl.TotalSeconds, decided.CeilingSeconds), left)))
        {
            AuthorizedAt = authorization.CreatedAt,
            Limits = decided.Limits,
        };
    }

    /// <summary>When a refresh token that is issued now is dead for not being used. Microseconds since the Unix epoch.</summary>
    public long RefreshEndOf(Authorization authorization) =>
        Math.Min(clock.Microseconds() + (long)options.RefreshIdle.TotalMicroseconds, authorization.ExpiresAt);

    /// <summary>One of its secrets was shown twice: somebody else has it (RFC 6749 §4.1.2, RFC 9700 §4.14.2). Everything that hangs on it is dead.</summary>
    public async Task EndAsync(ClientRequest request, Authorization authorization, string reason) => await revoker.RevokeAsync(
        new Requester(request.Organisation, request.Id.Value, request.Peer?.ToString()),
        new RevocationOrder(RevocationLevel.Authorization, authorization.Id.Value, reason),
        new RevocationTarget(authorization.Holder) { Authorization = authorization }, CancellationToken.None);

    /// <summary>A class or <c>@granted</c> stands for what of it was consented to; a tool that was not, is more.</summary>
    private ServerAccess? Narrow(OrganisationId organisation, ServerAccess consented, IReadOnlyList<ServerAccess> asked)
    {
        if (asked.Count == 0) return consented;
        if (asked.SelectMany(part => part.Tools).Any(tool => !consented.Tools.Contains(tool))) return null;
        if (asked.Any(part => (part.AllPrompts && !consented.AllPrompts) || (part.AllResources && !consented.AllResources))) return null;
        var manifest = configuration.Server(organisation, consented.Server)?.Approved?.Manifest;
        var kept = consented.Tools.Where(tool => asked.Any(part => part.Granted || part.Tools.Contains(tool)
            || (manifest?.Tools.FirstOrDefault(each => each.Name == tool) is { } known && ToolReach.ScopeOf(consented.Server, known, part) is not null)));
        return consented with
        {
            Tools = [.. kept],
            AllPrompts = consented.AllPrompts && asked.Any(part => part.Granted || part.AllPrompts),
            AllResources = consented.AllResources && asked.Any(part => part.Granted || part.AllResources),
        };
    }

    private static List<ServerAccess> Parts(ServerAccess access) => 
    [
        .. access.Tools.Select(tool => new ServerAccess { Server = access.Server, Tools = [tool] }),
        .. access.AllPrompts ? [new ServerAccess { Server = access.Server, AllPrompts = true }] : Array.Empty<ServerAccess>(),
        .. access.AllResources ? [new ServerAccess { Server = access.Server, AllResources = true }] : Array.Empty<ServerAccess>(),
    ];
}

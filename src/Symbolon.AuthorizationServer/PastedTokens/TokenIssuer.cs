using System.Collections.Immutable;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.PastedTokens;

/// <summary>
/// Issues pasted tokens. A token names no more than the holder's live grants allow, and lives no longer than they and the
/// organisation say; more is refused, not clipped. DESIGN.md section 4, Tokens.
/// </summary>
public sealed class TokenIssuer(Configuration configuration, ChangeDesk desk, EventClock events, TimeProvider clock)
{
    private const long LeastTtlSeconds = 60;
    private const long DefaultSeconds = 8 * 3600;
    private const long DefaultForPeopleSeconds = 30 * 86_400;

    /// <returns>The token with its secret, which is never to be had again.</returns>
    public async Task<Result<IssuedToken>> IssueAsync(Requester requester, TokenOrder order, CancellationToken cancellation)
    {
        var organisation = requester.Organisation;
        var note = new ChangeNote("issue", "Token")
        {
            Kind = AuditKind.TokenIssued,
            Holder = order.Holder,
            Reason = order.Reason,
            Server = order.Servers is [var only] ? only.Server.Value : null,
            Scope = ScopesOf(order.Servers),
            Grant = order.CreateGrant?.Name.Value,
        };
        var now = clock.Microseconds();
        switch (PlanOf(organisation, order, now))
        {
            case Result<IssuePlan>.Done { Value: var plan }: return await IssueAsync(requester, order, note, plan, now, cancellation);
            case Result<IssuePlan>.Refused refused: return await desk.RefuseAsync(requester, note, refused.Why);
            default: throw new InvalidOperationException();
        }
    }

    /// <summary>Whether the order would be carried out at this moment. Nothing is issued, and nothing recorded.</summary>
    /// <returns>What would come of it, or why there would be nothing.</returns>
    public Result<IssuePlan> Look(OrganisationId organisation, TokenOrder order) => PlanOf(organisation, order, clock.Microseconds());

    private async Task<Result<IssuedToken>> IssueAsync(Requester requester, TokenOrder order, ChangeNote note, IssuePlan plan, long now, CancellationToken cancellation)
    {
        var organisation = requester.Organisation;
        var kind = order.Holder.TokenKind;
        var secret = PastedToken.Create(kind);
        var token = new TokenRecord
        {
            Id = TokenId.New(),
            Organisation = organisation,
            Kind = kind,
            Holder = order.Holder,
            Servers = order.Servers,
            IssuedAt = events.Next(),
            ExpiresAt = now + UnixTime.FromSeconds(plan.Seconds),
            IssuedBy = requester.By,
            Note = order.Note,
        };
        // Only where another node's clock, or this one's before a restart, was ahead: the token would be dead by a revocation that is not really later than it.
        if (configuration.Epochs.IsRevoked(token))
            return await desk.RefuseAsync(requester, note, ChangeError.Conflict("revoked_later", "A revocation of this holder lies in the future of this node's clock. Set the clock right, or wait."));
        note = note with { Token = token.Id.Value, Target = $"Token/{token.Id}" };
        var created = CreatedBy(order, plan.Grant);
        var committed = await desk.CommitAsync(requester,
            [.. created.Select(change => new ChangeNote("create", change.Key.ToString()) { Reason = order.Reason, Holder = order.Holder, Grant = change.Item is GrantObject ? note.Grant : null, ObjectVersion = 1 }), note],
            [.. created, new Change.InsertToken(token, PastedToken.Hash(secret))], cancellation);
        return committed.Select(_ => new IssuedToken(token, secret));
    }

    private Result<IssuePlan> PlanOf(OrganisationId organisation, TokenOrder order, long now)
    {
        var errors = OrderCheck.ErrorsOf(order, configuration, organisation);
        if (errors.Count > 0) return ChangeError.Invalid(errors);
        if (order.CreateGrant is { } create && configuration.Grant(organisation, create.Name) is not null)
            return ChangeError.Conflict("exists", $"Grant {create.Name} exists already. Leave createGrant out to use it, or choose another name.");
        var ceiling = configuration.Organisation(organisation).MaxTokenTtlSeconds;
        GrantObject? grant = null;
        if (order.CreateGrant is { } wanted)
        {
            switch (CreatedGrant.Of(wanted, order, configuration, organisation, ceiling, now))
            {
                case Result<GrantObject>.Done { Value: var made }: grant = made; break;
                case Result<GrantObject>.Refused { Why: var why }: return why;
            }
        }
        var coverage = CoverageOf(order, organisation, grant, now);
        if (coverage.Missing.Count > 0) return NotGranted(order.Holder, coverage.Missing);
        if (OnlyWithKey(order, organisation, grant, now) is { Count: > 0 } bound)
            return ChangeError.Invalid("servers", FieldErrorCode.BadValue, $"Only a token that is bound to a key (OAuth with DPoP) is given for {string.Join(", ", bound.Take(20))}; a pasted token is bound to none.");
        // Exactly what was asked for, its length too: without it a later token could live up to the organisation's ceiling by this grant.
        return TtlOf(order, coverage, ceiling).Select(seconds => new IssuePlan(grant is { MaxTtlSeconds: null } ? grant with { MaxTtlSeconds = seconds } : grant, seconds));
    }

    /// <summary>What comes with the token, each with a record of its own.</summary>
    private static List<Change.PutObject> CreatedBy(TokenOrder order, GrantObject? grant)
    {
        var created = new List<Change.PutObject>();
        if (order is { CreateAgentOwner: { } agentOwner, Holder.Agent: { } agent }) Add(new AgentObject { Name = agent, Owner = agentOwner.Value });
        if (order is { CreateWorkflowOwner: { } workflowOwner, Holder.Workflow: { } workflow }) Add(new WorkflowObject { Name = workflow, Owner = workflowOwner.Value });
        if (grant is not null) created.Add(new Change.PutObject(new ObjectKey(ObjectKind.Grant, grant.Name.Value), 0, grant));
        return created;

        void Add(IdentityObject identity) => created.Add(new Change.PutObject(identity.Key, 0, identity));
    }

    private GrantCoverage CoverageOf(TokenOrder order, OrganisationId organisation, GrantObject? coming, long now)
    {
        var coverage = new GrantCoverage();
        foreach (var access in order.Servers)
        {
            var live = configuration.GrantsOn(organisation, access.Server).Where(grant => grant.EndsAt > now && grant.To.Match(order.Holder));
            // The new grant alone answers for what the token names, so its own maxTtl binds. A token of all that is granted is also one
            // of every other grant, whose maxTtl binds as well.
            if (coming is not null) live = access.Granted ? live.Append(coming) : [coming];
            var server = configuration.Server(organisation, access.Server)!;
            // It names the tools of today, and a class that has none needs nothing of it.
            coverage.Add(coming is null ? access : access with { Effects = [.. access.Effects.Where(effect => CreatedGrant.ClassOf(server, effect).Any())] }, server, live);
        }
        return coverage;
    }

    /// <summary>What of the order no token that can be copied may name. DESIGN.md section 4, Files: <c>binding</c>.</summary>
    private List<string> OnlyWithKey(TokenOrder order, OrganisationId organisation, GrantObject? coming, long now)
    {
        var token = new TokenRecord
        {
            Id = new TokenId(""), Organisation = organisation, Kind = order.Holder.TokenKind, Holder = order.Holder, Servers = order.Servers, IssuedAt = now, ExpiresAt = now, IssuedBy = "",
        };
        return [.. order.Servers.SelectMany(access => ServerReach.Of(
            token with { Servers = [access] }, configuration.Server(organisation, access.Server)!,
            coming is null ? configuration.GrantsOn(organisation, access.Server) : configuration.GrantsOn(organisation, access.Server).Append(coming),
            configuration.Binding, now)?.OnlyWithKey(access) ?? [])];
    }

    private static Result<long> TtlOf(TokenOrder order, GrantCoverage coverage, long organisationCeiling)
    {
        var ceiling = Math.Min(coverage.CeilingSeconds, organisationCeiling);
        var isPersonAlone = order.Holder is { Agent: null, Workflow: null };
        if (order.TtlSeconds is not { } wanted) return Math.Min(ceiling, isPersonAlone ? DefaultForPeopleSeconds : DefaultSeconds);
        if (wanted < LeastTtlSeconds) return ChangeError.Invalid("ttl", FieldErrorCode.BadValue, $"ttl must be at least {LeastTtlSeconds}s.");
        if (wanted <= ceiling) return wanted;
        var limit = coverage.CeilingSeconds <= organisationCeiling && coverage.CeilingGrant is { } grant ? $"the maxTtl of grant {grant}" : "the organisation's ceiling";
        return ChangeError.Invalid("ttl", FieldErrorCode.BadValue, $"ttl {Durations.ToText(wanted)} is more than {Durations.ToText(ceiling)}, {limit}.");
    }

    private static ChangeError NotGranted(Holder holder, IReadOnlyList<string> missing) =>
        new(ChangeErrorKind.NotGranted, "not_granted", $"No live grant allows {holder}: {string.Join(", ", missing.Take(20))}{(missing.Count > 20 ? ", …" : "")}.")
        {
            Errors = [.. missing.Take(100).Select(scope => new FieldError("servers", "not_granted", scope))],
        };

    private static string ScopesOf(ImmutableArray<ServerAccess> servers)
    {
        var scopes = servers.SelectMany(Scopes.Of).Take(101).ToList();
        // A record stays readable: the token itself, by its id, has the whole list.
        return scopes.Count <= 100 ? string.Join(' ', scopes) : string.Join(' ', scopes.Take(100)) + " …";
    }
}

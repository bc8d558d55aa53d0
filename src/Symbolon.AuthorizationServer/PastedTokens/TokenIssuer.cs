using System.Collections.Immutable;
using System.Security.Cryptography;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
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
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
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
            case Result<Plan>.Done { Value: var plan }: return await IssueAsync(requester, order, note, plan, now, cancellation);
            case Result<Plan>.Refused refused: return await desk.RefuseAsync(requester, note, refused.Why);
            default: throw new InvalidOperationException();
        }
    }

    /// <summary>Whether the order would be carried out at this moment. Nothing is issued, and nothing recorded.</summary>
    /// <returns>How many seconds the token would live, or why there would be none.</returns>
    public Result<long> Look(OrganisationId organisation, TokenOrder order) => PlanOf(organisation, order, clock.Microseconds()).Select(plan => plan.Seconds);

    private async Task<Result<IssuedToken>> IssueAsync(Requester requester, TokenOrder order, ChangeNote note, Plan plan, long now, CancellationToken cancellation)
    {
        var organisation = requester.Organisation;
        var kind = order.Holder.TokenKind;
        var secret = PastedToken.Create(kind);
        var token = new TokenRecord
        {
            Id = new TokenId("tok_" + RandomNumberGenerator.GetString(Base62, 22)),
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

    private Result<Plan> PlanOf(OrganisationId organisation, TokenOrder order, long now)
    {
        var errors = OrderCheck.ErrorsOf(order, configuration, organisation);
        if (errors.Count > 0) return ChangeError.Invalid(errors);
        if (order.CreateGrant is { } create && configuration.Grant(organisation, create.Name) is not null)
            return ChangeError.Conflict("exists", $"Grant {create.Name} exists already. Leave createGrant out to use it, or choose another name.");
        var grant = order.CreateGrant is { } wanted ? GrantOf(wanted, order, organisation) : null;
        if (grant is not null && grant.EndsAt <= now)
            return ChangeError.Invalid("createGrant.expires", FieldErrorCode.Expired, $"{grant.Expires:yyyy-MM-dd} has passed.");
        var ceiling = configuration.Organisation(organisation).MaxTokenTtlSeconds;
        if (grant?.MaxTtlSeconds > ceiling)
            return ChangeError.Invalid("createGrant.maxTtl", FieldErrorCode.BadValue, $"createGrant.maxTtl is more than {Durations.ToText(ceiling)}, the organisation's ceiling.");
        var coverage = CoverageOf(order, organisation, grant, now);
        if (coverage.Missing.Count > 0) return NotGranted(order.Holder, coverage.Missing);
        // Exactly what was asked for, its length too: without it a later token could live up to the organisation's ceiling by this grant.
        return TtlOf(order, coverage, ceiling).Select(seconds => new Plan(grant is { MaxTtlSeconds: null } ? grant with { MaxTtlSeconds = seconds } : grant, seconds));
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
            coverage.Add(access, configuration.Server(organisation, access.Server)!, live);
        }
        return coverage;
    }

    /// <summary>For exactly this holder. <c>all</c> becomes the tools of today by name, so that a later tool is nobody's by accident.</summary>
    private GrantObject GrantOf(NewGrant wanted, TokenOrder order, OrganisationId organisation) => new()
    {
        Name = wanted.Name,
        To = new GrantSubjects
        {
            Users = order.Holder.User is { } user ? [user.Value] : [],
            Agents = order.Holder.Agent is { } agent ? [agent] : [],
            Workflows = order.Holder.Workflow is { } workflow ? [workflow] : [],
        },
        Servers = [.. order.Servers.Select(access => access.Granted
            ? new ServerAccess { Server = access.Server, Tools = [.. configuration.Server(organisation, access.Server)!.Approved!.Manifest.Tools.Select(tool => tool.Name)] }
            : access)],
        Expires = wanted.Expires,
        MaxTtlSeconds = wanted.MaxTtlSeconds,
    };

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
        var scopes = servers.SelectMany(access => access.Tools.Select(tool => Scopes.Tool(access.Server, tool))
            .Concat(access.Effects.Select(effect => Scopes.Class(access.Server, effect)))
            .Concat(access.Granted ? [Scopes.Granted(access.Server)] : [])).Take(101).ToList();
        // A record stays readable: the token itself, by its id, has the whole list.
        return scopes.Count <= 100 ? string.Join(' ', scopes) : string.Join(' ', scopes.Take(100)) + " …";
    }

    /// <summary>What an order comes to.</summary>
    /// <param name="Grant">Created in the same commit.</param>
    private sealed record Plan(GrantObject? Grant, long Seconds);
}

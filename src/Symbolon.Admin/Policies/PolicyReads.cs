using System.Net;
using System.Text.Json;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Policy.Rules;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Registry.Files.Policies;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Policies;

/// <summary>What can be asked of policies, for the API and the console.</summary>
internal sealed class PolicyReads(Configuration configuration, PolicySimulator simulator, ITokenStore tokens, IUsage usage, TimeProvider clock)
{
    /// <summary>Days that hits are counted over where nothing is said.</summary>
    public const int UsualDays = 30;

    /// <summary>Runs the tests of a policy with the manifests that serve, of a server without one that which waits.</summary>
    public IReadOnlyList<PolicyTestResultResponse> Test(OrganisationId organisation, PolicyObject policy)
    {
        var named = policy.Tests.Select(test => test.Server).ToHashSet(StringComparer.Ordinal);
        var servers = configuration.Servers(organisation).Where(server => named.Contains(server.Name.Value))
            .Select(server => (server.Name, (server.Approved ?? server.Pending)?.Manifest)).Where(server => server.Manifest is not null).Select(server => (server.Name, server.Manifest!)).ToList();
        return [.. PolicyTests.Run(policy, servers).Select(result => PolicyTestResultResponse.Of(policy, result))];
    }

    /// <param name="from">Microseconds since the Unix epoch; the start of its day, UTC, counts.</param>
    public async Task<IReadOnlyList<RuleHitsResponse>> HitsAsync(OrganisationId organisation, long? from, CancellationToken cancellation) =>
        RuleHitsResponse.Of(await usage.RulesAsync(organisation, from ?? UnixTime.ToMicroseconds(clock.GetUtcNow().AddDays(-UsualDays)), cancellation));

    /// <param name="call">In the words of a policy's test.</param>
    public async Task<Result<SimulateResponse>> SimulateAsync(OrganisationId organisation, JsonElement call, string? token, string? address, CancellationToken cancellation)
    {
        var (read, faults) = PolicyCall.Read(call);
        if (read is null) return Refused(ChangeError.Invalid([.. faults.Select(fault => fault with { Path = fault.Path.Length == 0 ? "call" : $"call.{fault.Path}" })]));
        IPAddress? peer = null;
        if (address is not null && !(IPAddress.TryParse(address, out peer) && (address.Contains(':', StringComparison.Ordinal) || peer.ToString() == address))) return Refused(ChangeError.Invalid("ip", FieldErrorCode.BadValue, "ip is an address (IPv4 or IPv6) of the caller, as in 192.0.2.7."));
        TokenRecord? shown = null;
        if (token is not null)
        {
            if (read is not { User: null, Agent: null, Workflow: null }) return Refused(ChangeError.Invalid("token", FieldErrorCode.BadValue, "token says already who calls: call.subject.user, call.agent and call.workflow cannot be there beside it."));
            if (!TokenId.IsValid(token) || await tokens.FindAsync(organisation, new TokenId(token), cancellation) is not { Holder: var holder } found) return Refused(ChangeError.NotFound("such token"));
            shown = found;
            read = read with { User = holder.User?.Value, Agent = holder.Agent?.Value, Workflow = holder.Workflow?.Value };
        }
        var caller = new RuleCaller(organisation.Value, read.User, read.Agent, read.Workflow, shown?.OAuth?.Client.Value, read.Groups);
        var kind = read.Tool is not null ? RuleTargetKind.Tool : read.Prompt is not null ? RuleTargetKind.Prompt : RuleTargetKind.Resource;
        var order = new SimulatedCall(new ServerName(read.Server), read.Tool is { } tool ? new ToolName(tool) : null, kind, read.Prompt ?? read.Resource, read.Arguments, caller)
        {
            SessionFlags = read.SessionFlags,
            Grant = GrantOf(organisation, read, shown),
            Time = read.At ?? clock.Microseconds(),
            Address = peer,
        };
        return simulator.Decide(organisation, order) is { } decision
            ? SimulateResponse.Of(decision)
            : Refused(ChangeError.NotFound(read.Tool is null ? $"server {read.Server} with an approved version" : $"tool {read.Tool} in the approved version of a server {read.Server}"));
    }

    /// <param name="shown">Null: a token of all that the holder's grants open.</param>
    /// <returns>The grant that the call would be allowed by, if any; whether it is allowed is not asked here.</returns>
    private string? GrantOf(OrganisationId organisation, PolicyTest call, TokenRecord? shown)
    {
        if (configuration.Server(organisation, new ServerName(call.Server)) is not { } server) return null;
        var now = clock.Microseconds();
        var token = shown ?? TokenOf(organisation, server.Name, call, now);
        if (ServerReach.Of(token, server, configuration.GrantsOn(organisation, server.Name, EpochTable.Since(token)), configuration.Binding, now) is not { } reach) return null;
        var decision = call.Tool is { } tool ? reach[tool].Decision : call.Prompt is { } prompt ? reach.Prompt(prompt).Decision : reach.Resource(call.Resource!).Decision;
        return decision is Decision.Allow allow ? allow.Grant : null;
    }

    private static TokenRecord TokenOf(OrganisationId organisation, ServerName server, PolicyTest call, long now)
    {
        var holder = new Holder
        {
            User = call.User is { } user && UserEmail.TryParse(user, out var email) ? email : null,
            Agent = call.Agent is { } agent ? new AgentName(agent) : null,
            Workflow = call.Workflow is { } workflow ? new WorkflowName(workflow) : null,
        };
        return new TokenRecord
        {
            Id = new TokenId(""), Organisation = organisation, Kind = holder.TokenKind, Holder = holder, IssuedAt = now, ExpiresAt = now, IssuedBy = "",
            Servers = [new ServerAccess { Server = server, Granted = true }],
        };
    }

    /// <summary>Nothing was to be changed, so that the refusal is no record.</summary>
    private static ChangeError Refused(ChangeError why) => why with { IsRecorded = true };
}

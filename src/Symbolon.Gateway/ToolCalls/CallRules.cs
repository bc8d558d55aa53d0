using System.Globalization;
using System.Runtime.CompilerServices;
using Symbolon.Core;
using Symbolon.Core.Policy;
using Symbolon.Core.Policy.Limits;
using Symbolon.Core.Policy.Rules;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Policies;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>What the rules of policies have to say of a request: may it be, what has to be done with it, and how much of it. The same rules decide what lists show.</summary>
internal sealed class CallRules(PolicyTable policies, SessionFlags sessions, DecisionPoints points, ILimits limits, TimeProvider clock)
{
    private static readonly Refusal NotCounted = new(ReasonCode.StateStale, "The limits of this call cannot be counted now.") { RetryAfter = 1 };

    /// <returns>Null when it may go on; what limits gave is in the exchange then.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Reply?> DecideAsync(Exchange exchange)
    {
        var rules = Of(exchange);
        var organisation = exchange.Caller!.Record.Organisation;
        var isFlagged = exchange.Tool?.Tool is { Flags: not Core.Tools.ToolFlags.None } && policies.ReadSessions(organisation);
        if (rules.IsEmpty && !isFlagged) return null;
        if (!rules.ArgumentNames.IsEmpty && exchange.Message.Params.TryGetObject("arguments"u8, out var arguments) && Imitation.Find(arguments, rules.ArgumentNames) is { } imitated) return new Reply.Refused(ToolRefusals.Imitation(imitated));
        Begin(exchange, rules, (exchange.Tool?.Decision ?? exchange.Feature?.Decision) as Decision.Allow, Named(exchange), exchange.Message.Method == McpMethod.Complete ? null : (ArraySegment<byte>?)exchange.Message.Where(exchange.Message.Arguments));
        try
        {
            if (rules.ReadsSession) exchange.AsRulesSee.SessionFlags = await FlagsOfAsync(exchange, rules.DependsOnSession);
            if (exchange.Message.Method == McpMethod.Complete) return DecideCompletion(exchange, rules);
            var verdict = exchange.Verdict = rules.Decide(exchange.AsRulesSee);
            if (verdict.IsRefused) return Refuse(exchange, verdict);
            exchange.Duty = ResultDuty.Of(verdict.Demands);
            if (verdict.Demands.Count > 0 && await MeetAsync(exchange, verdict) is { } refused) return refused;
            // Known before the call goes out: whatever it brings is in the session from then on.
            if (isFlagged) await AddFlagsAsync(exchange, policies.DependOnSessions(organisation));
            return null;
        }
        catch (StoreUnavailableException)
        {
            return new Reply.Refused(NotCounted);
        }
    }

    /// <summary>As what it completes is listed: whoever may see that may be helped to write it.</summary>
    private static Reply.Refused? DecideCompletion(Exchange exchange, TargetRules rules)
    {
        var template = exchange.Target is { IsTemplate: true } target ? target.Text : null;
        exchange.AsRulesSee.IsOfMany = template is not null;
        return rules.MayPermit(exchange.AsRulesSee, template) ? null : Refuse(exchange, rules.Decide(exchange.AsRulesSee));
    }

    /// <summary>Whether any rule is about the server at all.</summary>
    public bool AreThere(Exchange exchange) => policies.AreThere(exchange.Caller!.Record.Organisation);

    /// <summary>What rules of lists look at is read once.</summary>
    public async ValueTask<Reply?> PrepareListAsync(Exchange exchange)
    {
        // Lists do not ask those that only watch.
        if (!policies.DependOnSessions(exchange.Caller!.Record.Organisation)) return null;
        try
        {
            exchange.ListFlags = await sessions.OfAsync(exchange.Caller.Record, clock.Microseconds(), exchange.Stop);
            return null;
        }
        catch (StoreUnavailableException)
        {
            return new Reply.Refused(NotCounted);
        }
    }

    /// <param name="isNeeded">Without it nothing can be decided.</param>
    /// <returns>Null where nobody knows.</returns>
    private async ValueTask<IReadOnlyList<string>?> FlagsOfAsync(Exchange exchange, bool isNeeded)
    {
        try
        {
            return await sessions.OfAsync(exchange.Caller!.Record, clock.Microseconds(), exchange.Stop);
        }
        catch (StoreUnavailableException) when (!isNeeded)
        {
            return null;
        }
    }

    public bool MayCall(Exchange exchange, ManifestTool tool)
    {
        var organisation = exchange.Caller!.Record.Organisation;
        var server = exchange.Standing!.Server;
        return MayBe(exchange, policies.OfTool(organisation, server, tool), exchange.Standing.Reach[tool.Name.Value].Decision, null);
    }

    /// <summary>A task is asked for as its tool is listed: the arguments that it was called with nobody keeps.</summary>
    /// <returns>Null when it may be; what its result is held to is in the exchange then.</returns>
    public async ValueTask<Reply?> DecideTaskAsync(Exchange exchange)
    {
        var rules = Of(exchange);
        if (rules.IsEmpty) return null;
        Begin(exchange, rules, exchange.Tool!.Decision as Decision.Allow, null, null);
        try
        {
            if (rules.DependsOnSession) exchange.AsRulesSee.SessionFlags = await sessions.OfAsync(exchange.Caller!.Record, clock.Microseconds(), exchange.Stop);
        }
        catch (StoreUnavailableException)
        {
            return new Reply.Refused(NotCounted);
        }
        if (!MayBe(exchange, rules)) return Refuse(exchange, rules.Decide(exchange.AsRulesSee));
        exchange.Duty = ResultDuty.Of(rules.Obliging(exchange.AsRulesSee));
        return null;
    }

    public bool MayHavePrompt(Exchange exchange, string name) => MayHave(exchange, RuleTargetKind.Prompt, name);

    public bool MayHaveResource(Exchange exchange, string uri) => MayHave(exchange, RuleTargetKind.Resource, uri);

    /// <summary>Whether some resource could be had that the template stands for.</summary>
    public bool MayHaveTemplate(Exchange exchange, string template)
    {
        var organisation = exchange.Caller!.Record.Organisation;
        var server = exchange.Standing!.Server;
        var rules = policies.OfResources(organisation, server);
        if (rules.IsEmpty) return true;
        var call = Begin(exchange, rules, null, null, null);
        (call.SessionFlags, call.IsOfMany) = (exchange.ListFlags, true);
        return rules.MayPermit(call, template);
    }

    /// <summary>A resource that has changed: its caller may have subscribed when other rules held, or in a session that had done less.</summary>
    public async ValueTask<bool> MayBeToldOfAsync(Exchange exchange, string uri) => await PrepareListAsync(exchange) is null && MayHaveResource(exchange, uri);

    private bool MayHave(Exchange exchange, RuleTargetKind kind, string named)
    {
        var organisation = exchange.Caller!.Record.Organisation;
        var server = exchange.Standing!.Server;
        var rules = kind == RuleTargetKind.Prompt ? policies.OfPrompts(organisation, server) : policies.OfResources(organisation, server);
        var reach = exchange.Standing.Reach;
        return MayBe(exchange, rules, (kind == RuleTargetKind.Prompt ? reach.Prompt(named) : reach.Resource(named)).Decision, named);
    }

    /// <param name="isNeeded">Some rule would decide without knowing of it; those that only watch may know less.</param>
    private async ValueTask AddFlagsAsync(Exchange exchange, bool isNeeded)
    {
        try
        {
            await sessions.AddAsync(exchange.Caller!.Record, exchange.Tool!.Tool!.Flags, clock.Microseconds(), exchange.Stop);
        }
        catch (StoreUnavailableException) when (!isNeeded)
        {
            // Nothing is refused for it.
        }
    }

    private bool MayBe(Exchange exchange, TargetRules rules, Decision decision, string? named)
    {
        if (rules.IsEmpty) return true;
        Begin(exchange, rules, decision as Decision.Allow, named, null).SessionFlags = exchange.ListFlags;
        return rules.MayPermit(exchange.AsRulesSee);
    }

    private static bool MayBe(Exchange exchange, TargetRules rules) => rules.MayPermit(exchange.AsRulesSee);

    private TargetRules Of(Exchange exchange)
    {
        var organisation = exchange.Caller!.Record.Organisation;
        var server = exchange.Standing!.Server;
        if (exchange.Tool?.Tool is { } tool) return policies.OfTool(organisation, server, tool);
        return exchange.Target!.IsPrompt ? policies.OfPrompts(organisation, server) : policies.OfResources(organisation, server);
    }

    /// <summary>A template stands for resources that nobody has named: rules about some of them are rules about it.</summary>
    private static string? Named(Exchange exchange) => exchange.Target is { IsTemplate: false } target ? target.Text : null;

    private RuleCall Begin(Exchange exchange, TargetRules rules, Decision.Allow? allow, string? named, ArraySegment<byte>? arguments)
    {
        var call = exchange.AsRulesSee.Begin(rules.Target, exchange.Caller!.Rules, named, arguments);
        // A body may have taken its time since the request was opened.
        call.Time = clock.Microseconds();
        var peer = exchange.Http.Connection.RemoteIpAddress;
        call.Address = peer is { IsIPv4MappedToIPv6: true } ? peer.MapToIPv4() : peer;
        call.Trace = exchange.Trace;
        call.Grant = allow?.Grant;
        return call;
    }

    private static Reply.Refused Refuse(Exchange exchange, RuleVerdict verdict)
    {
        exchange.Verdict = verdict;
        var what = WhatOf(exchange);
        var text = verdict.Refusal == ReasonCode.PolicyError ? $"The rule {verdict.Rule} could not be evaluated for this call of {what}, which denies it."
            : verdict.Rule is { } rule && !rule.EndsWith("/default", StringComparison.Ordinal) ? $"The rule {rule} denies this call of {what}."
            : $"No rule allows this call of {what}, and {verdict.Rule ?? "a policy"} denies what none allows.";
        return new Reply.Refused(new Refusal(verdict.Refusal ?? ReasonCode.DeniedByPolicy, verdict.Message is { } message ? $"{text} {message}" : text) { Rule = verdict.Rule });
    }

    private static string WhatOf(Exchange exchange) => exchange.Tool?.Tool is { } tool ? $"'{tool.Name}'" : $"the {exchange.Target!.Kind} '{RecordedText.Of(exchange.Target.Text)}'";

    /// <summary>Who is asked first, what is counted after: a rate counts what was let through.</summary>
    private async ValueTask<Reply?> MeetAsync(Exchange exchange, RuleVerdict verdict)
    {
        foreach (var rule in verdict.Demands)
        {
            if (rule.Rule.Decide is not { } point) continue;
            if (rule.Rule.IsObserved && exchange.AsRulesSee.SessionFlags is null)
            {
                // It would be asked about another session than this.
                Note(exchange, rule, "error");
                continue;
            }
            var answer = await points.AskAsync(point, new DecisionQuestion(exchange.Standing!.Server.Name, exchange.Caller!.Record, exchange.AsRulesSee, exchange.Tool?.Tool?.Name.Value, exchange.Target?.ToQuestion()), exchange.Stop);
            if (answer.Cause is { } cause) exchange.Unanswered ??= $"{rule.Id}: {cause}";
            if (rule.Rule.IsObserved) Note(exchange, rule, answer.IsAllowed ? null : answer.Code == ReasonCode.PolicyError ? "error" : "deny");
            else if (!answer.IsAllowed) return RefuseBy(exchange, rule, new Refusal(answer.Code, $"The decision point of the rule {rule.Id} {answer.Why} this call of {WhatOf(exchange)}."));
        }
        return await CountAsync(exchange, verdict);
    }

    private async ValueTask<Reply?> CountAsync(Exchange exchange, RuleVerdict verdict)
    {
        List<LimitUse>? uses = null;
        var organisation = exchange.Caller!.Record.Organisation;
        foreach (var rule in verdict.Demands)
        {
            if (rule.Terms is not { } terms) continue;
            if (rule.AmountOf(exchange.AsRulesSee, out var error) is not { } amount)
            {
                if (!rule.Rule.IsObserved) return Refuse(exchange, verdict.Fail(rule, error));
                Note(exchange, rule, "error");
                continue;
            }
            var use = new LimitUse(rule.Id, terms, LimitKey.Of(rule.Per, FactsOf(exchange)), amount);
            if (!rule.Rule.IsObserved)
            {
                (uses ??= []).Add(use);
                continue;
            }
            // Counted by itself, as it would be: what it refuses goes on.
            var watched = await limits.TakeAsync(organisation, [use], exchange.Now, exchange.Stop);
            if (watched is LimitAnswer.Taken counted) exchange.Watched.Add(counted);
            else Note(exchange, rule, watched is LimitAnswer.Refused ? "limit" : "error");
        }
        if (uses is null) return null;
        switch (await limits.TakeAsync(organisation, uses, exchange.Now, exchange.Stop))
        {
            case LimitAnswer.Taken taken:
                exchange.Taken = taken;
                exchange.HoldsPlace = uses.Exists(use => use.Terms.Kind == LimitKind.Concurrency);
                return null;
            case LimitAnswer.Refused refused:
                var rule = verdict.Demands.First(each => each.Id == refused.Rule);
                // No waiting helps.
                if (uses.Find(use => use.Rule == refused.Rule).Amount > rule.Terms!.Capacity)
                    return RefuseBy(exchange, rule, new Refusal(ReasonCode.LimitReached, $"This call of {WhatOf(exchange)} alone is more than the limit of the rule {rule.Id} ({rule.Terms}) allows."));
                return RefuseBy(exchange, rule, new Refusal(ReasonCode.LimitReached, string.Create(CultureInfo.InvariantCulture,
                    $"The limit of the rule {rule.Id} ({rule.Terms}) is reached for this call of {WhatOf(exchange)}. Try again in {refused.RetryAfter} s.")) { RetryAfter = refused.RetryAfter });
            default:
                return new Reply.Refused(NotCounted);
        }
    }

    private static Reply.Refused RefuseBy(Exchange exchange, CompiledRule rule, Refusal why)
    {
        exchange.DecidedBy = rule.Id;
        exchange.Duty = null;
        return new Reply.Refused(why with { Rule = rule.Id, Text = rule.Rule.Message is { } message ? $"{why.Text} {message}" : why.Text });
    }

    private static void Note(Exchange exchange, CompiledRule rule, string? said)
    {
        if (said is null) return;
        var note = $"{rule.Id}:{said}";
        exchange.Observed = exchange.Observed is { } before ? $"{before} {note}" : note;
    }

    private static LimitFacts FactsOf(Exchange exchange)
    {
        var caller = exchange.Caller!;
        return new LimitFacts(caller.Record.Id.Value, caller.User, caller.Agent, caller.Workflow, exchange.Server, exchange.Tool?.Tool?.Name.Value ?? exchange.Target?.ToRecord());
    }
}

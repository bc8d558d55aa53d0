using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Core.Policy.Rules;
using Symbolon.Core.Redaction;
using Symbolon.Core.Registry;
using Symbolon.Core.Sealing;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Authentication;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// What is recorded of a request: two records for a call, one for any other request, none for pings and notifications that were taken,
/// and a count for those whose caller is not known. DESIGN.md section 4, Audit durability.
/// </summary>
internal sealed class CallRecord(IAuditLog audit, ISecretBox box, TimeProvider clock)
{
    /// <summary>The proof of the request was used before, as the store has found.</summary>
    public static readonly Reply.Refused Replayed = new(CallerProofs.Replayed);

    private readonly ConcurrentDictionary<OrganisationId, byte[]> keys = new();

    /// <param name="isAwaited">Whether the call stands still until it is durable.</param>
    /// <returns>False when the log did not take it.</returns>
    public bool AppendIntent(Exchange exchange, bool allowed, ReasonCode? code, bool isAwaited)
    {
        var entry = exchange.Entry!;
        Describe(exchange, entry.Request, allowed, code);
        return entry.AppendIntent(isAwaited);
    }

    /// <summary>Closes the record and waits until it is durable.</summary>
    /// <returns>What may be sent: the reply, or that the audit is not available.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Reply> CloseAsync(Exchange exchange, Reply reply)
    {
        if (exchange.Entry is not { } entry) return reply;
        if (!HasRecord(exchange, reply))
        {
            exchange.LetEntryGo();
            entry.Discard();
            return reply;
        }
        var allowed = reply is not Reply.Refused;
        if (!entry.HasIntent)
        {
            if (exchange.Message.Method.IsCall() && exchange.Message.Id.IsPresent) AppendIntent(exchange, allowed, reply.Code, isAwaited: false);
            else Describe(exchange, entry.Request, allowed, reply.Code);
        }
        var duration = (long)clock.GetElapsedTime(exchange.StartedAt).TotalMicroseconds;
        var end = new CallEnd(
            exchange.Now + duration, reply.Outcome, reply.Code, exchange.UpstreamStatus, duration,
            reply is Reply.Message ? exchange.Answer.Length : 0, reply is Reply.Failed { Why.Rule: { } rule } ? rule : null);
        exchange.LetEntryGo();
        if (await entry.CloseAsync(end)) return reply;
        // What was refused for another reason is refused for this one first: the record says so.
        return exchange.Proof is { IsReplay: true } ? Replayed : new Reply.Failed(Refusal.AuditUnavailable);
    }

    private static bool HasRecord(Exchange exchange, Reply reply)
    {
        if (exchange.Caller is null) return false;
        if (reply is Reply.Refused { Why.Code: ReasonCode.TokenRevoked } && exchange.Standing is null) return false;
        var isQuiet = exchange.Message.Method == McpMethod.Ping || exchange.Message.IsBatch || (exchange.Message.Method == McpMethod.Response && exchange.AnswersTo == ClientFeatures.None) || exchange.Message.Method.IsNotification();
        return !isQuiet || reply is Reply.Refused or Reply.Failed;
    }

    private void Describe(Exchange exchange, AuditEvent request, bool allowed, ReasonCode? code)
    {
        var caller = exchange.Caller!;
        request.Organisation = caller.Record.Organisation;
        request.User = caller.User;
        request.Agent = caller.Agent;
        request.Workflow = caller.Workflow;
        request.Initiator = caller.Initiator;
        request.Token = caller.Record.Id.Value;
        request.Method = MethodOf(exchange);
        request.Server = RecordedText.Of(exchange.Server);
        request.ProtocolVersion = exchange.Revision?.Text;
        request.Trace = exchange.Trace ?? TraceId.Of(exchange.Message);
        request.Allowed = allowed;
        request.Code = code;
        request.Proof = exchange.Proof;
        if (exchange.Message.Method == McpMethod.ToolsCall || exchange.Tool is not null) DescribeTool(exchange, request);
        if (exchange.Message.InputResponses.IsPresent) request.Reason = "with the client's answers to what its server asked";
        if (exchange.Target is { } target) DescribeFeature(exchange, target, request);
        if (exchange.TaskOf is { } made) request.Reason = $"the task of call {made:D}";
        if (exchange.Resumed is { Method: not McpMethod.None } place) request.Reason = $"the rest of call {place.Call:D}";
    }

    private static void DescribeRules(Exchange exchange, RuleVerdict verdict, AuditEvent request)
    {
        request.Rule = exchange.DecidedBy ?? verdict.Rule;
        request.Observed = exchange.Observed is { } later ? verdict.Observed is { } first ? $"{first} {later}" : later : verdict.Observed;
        // For who writes rules: which part of an expression failed says nothing of the values.
        if (verdict.Error is { } error) request.Reason = RecordedText.Of($"{verdict.Rule}: {error}");
        else if (exchange.Unanswered is { } unanswered) request.Reason = RecordedText.Of(unanswered);
    }

    /// <summary>What is had of prompts and resources is read, and each is named as it was asked for.</summary>
    private void DescribeFeature(Exchange exchange, FeatureTarget target, AuditEvent request)
    {
        request.Target = target.ToRecord();
        request.Effect = Effect.Read.ToText();
        if (exchange.Feature?.Decision is Decision.Allow allow) (request.Scope, request.Grant) = (allow.Scope, allow.Grant);
        if (exchange.Verdict is { } verdict) DescribeRules(exchange, verdict, request);
        var message = exchange.Message;
        var arguments = message.Arguments.IsPresent ? message.Arguments : message.Argument;
        // No call, no digest: what its buffer holds then is the answer.
        if (!arguments.IsPresent || !message.Method.IsCall()) return;
        request.ArgumentsSize = arguments.Length;
        request.ArgumentsHmac = Hmac(exchange, message.At(arguments));
    }

    /// <summary>
    /// How a call ended whose answer a client came for later, as often as it comes; the answer leaves when this is durable. It is a record of the stream, under the id of the
    /// call: the call itself has one intent and one outcome, and verifying the chain counts on that.
    /// </summary>
    public async ValueTask<bool> AppendResumedAsync(Exchange exchange, StreamPlace place, CallOutcome outcome, long size)
    {
        var caller = exchange.Caller!;
        var end = new AuditEvent
        {
            Kind = AuditKind.Request,
            Organisation = caller.Record.Organisation,
            Time = clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000,
            Call = place.Call,
            User = caller.User,
            Agent = caller.Agent,
            Workflow = caller.Workflow,
            Token = caller.Record.Id.Value,
            Server = RecordedText.Of(exchange.Server),
            Tool = exchange.Tool?.Tool?.Name.Value,
            Target = exchange.Target?.ToRecord(),
            Method = MethodOf(exchange),
            Allowed = true,
            Outcome = outcome,
            UpstreamStatus = exchange.UpstreamStatus,
            AnswerSize = size,
            Reason = "on a stream that was taken up again",
        };
        audit.Append(end);
        return await end.Durable();
    }

    private void DescribeTool(Exchange exchange, AuditEvent request)
    {
        var message = exchange.Message;
        request.Tool = exchange.Tool?.Tool?.Name.Value ?? ToolRefusals.NameOf(exchange);
        request.Effect = exchange.Tool?.Tool?.Effect.ToText();
        if (exchange.Tool?.Decision is Decision.Allow allow) (request.Scope, request.Grant) = (allow.Scope, allow.Grant);
        if (exchange.Resources is { } resources)
        {
            // Never the values of the call: what is recorded of its arguments, the server's file decides.
            if (resources.IsCovered) request.Scope = $"{request.Scope} {resources.Text}";
            else request.Reason = $"authorization_details of the token do not cover {resources.Text}";
        }
        if (exchange.Verdict is { } verdict) DescribeRules(exchange, verdict, request);
        if (exchange.UnmetConstraint is { } constraint) request.Reason = $"the tool's constraint {constraint} is not met";
        if (!message.Arguments.IsPresent) return;
        request.ArgumentsSize = message.Arguments.Length;
        request.ArgumentsHmac = Hmac(exchange, message.At(message.Arguments));
        if (exchange.Tool?.RecordedArguments is { } recorded) request.Arguments = RedactedArguments.Of(message.At(message.Arguments), recorded);
    }

    private byte[] Hmac(Exchange exchange, ReadOnlySpan<byte> arguments)
    {
        var mac = exchange.MacOf(exchange.Caller!.Record.Organisation) ?? exchange.Keep(exchange.Caller.Record.Organisation, NewMac(exchange.Caller.Record.Organisation));
        exchange.Own.Clear();
        CanonicalJson.TryWrite(arguments, NumberForm.AsWritten, exchange.Own);
        mac.AppendData(exchange.Own.Span);
        exchange.Own.Clear();
        return mac.GetHashAndReset();
    }

    private IncrementalHash NewMac(OrganisationId organisation) => IncrementalHash.CreateHMAC(
        HashAlgorithmName.SHA256, keys.GetOrAdd(organisation, static (each, box) => box.DeriveKey(each, "audit"), box));

    private static string MethodOf(Exchange exchange) =>
        exchange.AnswersTo is not ClientFeatures.None and var asked ? $"answer to {asked.ToString().ToLowerInvariant()}"
        : exchange.Message.Method.ToText() is { Length: > 0 } known ? known
        : exchange.Message.Method == McpMethod.None ? RecordedText.Of("HTTP " + exchange.Http.Request.Method) : UnknownMethod(exchange.Message);

    private static string UnknownMethod(McpMessage message)
    {
        message.Outline.TryGetRoot(message.Text, out var root);
        return root.TryGet("method"u8, out var method) && method.TryGetString(out var text) ? RecordedText.Of(text) : "";
    }
}

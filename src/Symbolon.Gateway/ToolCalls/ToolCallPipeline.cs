using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Policy;
using Symbolon.Core.Policy.Limits;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway.Authentication;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// The way of every MCP request, in the order of checks of DESIGN.md section 4. The record is opened before the caller is known and
/// closed whatever happened; the answer leaves only after that is durable. (Host and Origin were checked before the route.)
/// </summary>
internal sealed partial class ToolCallPipeline(
    ExchangePool exchanges, OpenExchanges open, CallerAuthenticator authenticator, StandingTable standings, Freshness freshness,
    RequestForm form, RequestEra eras, ToolCall toolCall, OtherRequests others, SessionRequests sessions, CallRecord record,
    IReasonAddresses reasons, AccessTokenAuthenticator accessTokens, IProofUses proofs, IPublicOrigins origins, ILogger<ToolCallPipeline> log)
{
    /// <summary>A request to <c>/t</c>: pasted tokens, and a plain refusal.</summary>
    public Task HandleAsync(HttpContext http) => HandleAsync(exchanges.Open(http), http);

    /// <summary>A request to the OAuth family: access tokens and pasted ones, and a refusal that says where a token is to be had.</summary>
    public Task HandleOAuthAsync(HttpContext http)
    {
        var exchange = exchanges.Open(http);
        exchange.IsOAuth = true;
        return HandleAsync(exchange, http);
    }

    /// <summary>A message of a batch.</summary>
    private Task HandleAsync(HttpContext http, Exchange batch)
    {
        var exchange = exchanges.Open(http);
        exchange.IsOAuth = batch.IsOAuth;
        exchange.Batch = batch;
        return HandleAsync(exchange, http);
    }

    private async Task HandleAsync(Exchange exchange, HttpContext http)
    {
        Reply reply;
        try
        {
            reply = await AnswerAsync(exchange);
        }
        catch (OperationCanceledException e) when (exchange.Stop.IsCancellationRequested)
        {
            reply = UpstreamRelay.WhyFailed(exchange, e);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            reply = Reply.Silence.Cancelled;
        }
        catch (Exception e)
        {
            // What is no server's name is the caller's own text, which has no business in a log.
            LogFailed(e, ServerName.IsValid(exchange.Server) ? exchange.Server : "?");
            reply = new Reply.Failed(Refusal.Internal);
        }
        finally
        {
            // Behind this nothing from outside ends the exchange any more: what was reached is recorded and sent.
            if (exchange.Caller is not null) open.Remove(exchange);
        }
        try
        {
            reply = await record.CloseAsync(exchange, reply);
            if (exchange.IsOAuth && reply is Reply.Refused)
                exchange.Challenge = ResourceChallenge.Of(
                    origins.Selected(http.Request.Host.Value), exchange.Server,
                    AccessTokenAuthenticator.HasProof(http) || standings.IsForBoundTokens(OrganisationId.Default, exchange.Server));
            ReplyWriter.Write(exchange, reply, reasons);
        }
        finally
        {
            GiveBack(exchange);
            exchanges.Return(exchange);
        }
    }

    /// <summary>What was taken of limits for a call that never went out is as if it had not been.</summary>
    private static void GiveBack(Exchange exchange)
    {
        GiveBack(exchange.Taken, exchange.IsForwarded);
        foreach (var watched in exchange.Watched) GiveBack(watched, exchange.IsForwarded);
    }

    private static void GiveBack(LimitAnswer.Taken? taken, bool isForwarded)
    {
        if (isForwarded) taken?.End();
        else taken?.Release();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Reply> AnswerAsync(Exchange exchange) =>
        await AuthenticateAsync(exchange)                                   // headers alone: an unauthenticated body is never read
        ?? FindServer(exchange)                                             // audience: revocation, lifecycle, token and live grant on this server
        ?? form.CheckHeaders(exchange)                                      // Accept, Content-Type, size announced
        ?? await form.ReadBodyAsync(exchange)                               // size, strict JSON, folding, JSON-RPC; nothing for GET and DELETE
        ?? eras.Compare(exchange)                                           // version, headers against the body, session
        ?? await AnswerKindAsync(exchange);

    private ValueTask<Reply> AnswerKindAsync(Exchange exchange) =>
        exchange.Message.IsBatch ? AnswerBatchAsync(exchange)
        : exchange.IsPost && exchange.Message.Method == McpMethod.ToolsCall ? toolCall.AnswerAsync(exchange)
        : exchange.Proof is { } proof ? UseProofAsync(exchange, proof)
        : exchange.IsPost ? others.AnswerAsync(exchange) : sessions.AnswerAsync(exchange);

    private async ValueTask<Reply> AnswerBatchAsync(Exchange exchange)
    {
        if (exchange.Batch is not null) return new Reply.Refused(Refusal.Malformed("A batch has messages in it, and no other batch."));
        if (BatchedExchange.Check(exchange) is { } refusal) return new Reply.Refused(refusal);
        return exchange.Proof is { } proof ? await UseProofAsync(exchange, proof) : await BatchedExchange.AnswerAsync(exchange, http => HandleAsync(http, exchange));
    }

    /// <summary>The record of such a request comes at its end, or never: its proof is used up before anything is done.</summary>
    private async ValueTask<Reply> UseProofAsync(Exchange exchange, ProofUse proof)
    {
        try
        {
            if (!await proofs.TryUseAsync(proof, CancellationToken.None)) return CallRecord.Replayed;
        }
        catch (StoreUnavailableException)
        {
            return new Reply.Refused(Refusal.AuditUnavailable);
        }
        exchange.Proof = null;
        return await AnswerKindAsync(exchange);
    }

    private async ValueTask<Reply?> AuthenticateAsync(Exchange exchange)
    {
        if (exchange.Batch is { } batch) return WhyEnded(batch, exchange.Now) is { } ended ? new Reply.Refused(ended) : Admit(exchange, batch.Caller!);
        if (!exchange.IsOAuth || !accessTokens.TryAuthenticate(exchange.Http, exchange.Server, exchange.Now, out var token, out var proof, out var refusal))
        {
            proof = null;
            refusal = authenticator.Authenticate(exchange.Http, exchange.Now, out token, out var lookUp);
            if (lookUp is { } hash) (token, refusal) = await authenticator.LookUpAsync(exchange.Http, hash, exchange.Now);
        }
        if (refusal is not null) return new Reply.Refused(refusal);
        exchange.Proof = proof;
        return Admit(exchange, token!);
    }

    /// <summary>A batch may have waited since its caller was looked at.</summary>
    private static Refusal? WhyEnded(Exchange batch, long now) =>
        batch.StopReason ?? (now >= batch.Caller!.EndsAt ? new Refusal(ReasonCode.TokenExpired, "The token has expired.") : null);

    private Reply.Refused? Admit(Exchange exchange, CallerToken caller)
    {
        exchange.Caller = caller;
        // Listed before its standing is read, so that a revocation in between finds it.
        open.Add(exchange);
        return freshness.IsCurrent ? null : new Reply.Refused(Refusal.StateStale);
    }

    private Reply.Refused? FindServer(Exchange exchange)
    {
        switch (standings.Of(exchange.Caller!, exchange.Server, exchange.Now))
        {
            case Standing.Known known:
                exchange.Standing = known;
                if (known.Reach.LacksKey) return new Reply.Refused(ToolRefusals.LacksKey);
                return known.Server.State == Lifecycle.Suspended ? SuspendedLater(exchange) : null;
            case Standing.Dead dead:
                return new Reply.Refused(authenticator.Count(exchange.Http, new Refusal(dead.Code, "The token was revoked, or its holder is suspended.")));
            default:
                return new Reply.Refused(Refusal.UnknownServer);
        }
    }

    /// <summary>A suspended server is refused once the message is read, so that the refusal can be the result of a call.</summary>
    private static Reply.Refused? SuspendedLater(Exchange exchange)
    {
        exchange.IsServerSuspended = true;
        return null;
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "A request to {Server} failed inside the gateway")]
    private partial void LogFailed(Exception exception, string server);
}

using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams.Credentials;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// Finds what the upstream is shown with a caller's request: in mode exchange a token for this caller and this call alone, which names the resources that the
/// call's arguments lead to; else what the server's file says. Never anything of the caller's. DESIGN.md section 4, Identities on the way.
/// </summary>
internal sealed class CallCredentials(UpstreamCredentials secrets, CallTokens tokens, ProcessTokens files, ForeignTokens foreign, Identities identities)
{
    /// <summary>Waits only where the server is under another authorization server, which has to be asked first.</summary>
    /// <returns>Null when <see cref="Exchange.Credential"/> is found; else why the request is refused.</returns>
    public ValueTask<Reply.Refused?> FindAsync(Exchange exchange)
    {
        var upstream = exchange.Upstream!;
        if (upstream.Manifest.Credential is not UpstreamCredential.Foreign) return new(Find(exchange));
        var finding = foreign.FindAsync(upstream, exchange.Caller!.Record, exchange.Now, exchange.Stop);
        return finding.IsCompletedSuccessfully ? new(Take(exchange, finding.Result)) : WaitAsync(exchange, finding);
    }

    private async ValueTask<Reply.Refused?> WaitAsync(Exchange exchange, ValueTask<CredentialHeader> finding)
    {
        if (exchange.Era == Era.Modern) exchange.WatchClient();
        return Take(exchange, await finding);
    }

    private Reply.Refused? Take(Exchange exchange, CredentialHeader found)
    {
        exchange.Credential = identities.Beside(found, exchange.Upstream!, exchange.Caller!.Record, exchange.Tool?.Tool?.Name);
        exchange.Trace = TraceId.Of(exchange.Message) ?? exchange.Call.ToString("N");
        return Refused(exchange);
    }

    private static Reply.Refused? Refused(Exchange exchange) =>
        exchange.Credential is CredentialHeader.Unusable unusable ? new Reply.Refused(ToolRefusals.NoCredential(unusable)) : null;

    private Reply.Refused? Find(Exchange exchange)
    {
        var upstream = exchange.Upstream!;
        if (ProcessTokens.AreFor(upstream.Manifest)) exchange.Credential = files.Shown(upstream.Organisation, upstream.Name);
        else if (upstream.Manifest.Credential is not UpstreamCredential.Exchange)
            exchange.Credential = identities.Beside(secrets.For(upstream.Organisation, upstream.Manifest, exchange.Now), upstream, exchange.Caller!.Record, exchange.Tool?.Tool?.Name);
        else if (!TryFindNeeds(exchange, out var details, out var refused)) return refused;
        else
        {
            exchange.Credential = tokens.For(upstream, exchange.Caller!.Record, exchange.Tool?.Tool?.Name, details, exchange.Now);
            // One trace from here to what is behind the server, so that its log and this record can be laid beside each other.
            exchange.Trace = TraceId.Of(exchange.Message) ?? exchange.Call.ToString("N");
        }
        return Refused(exchange);
    }

    /// <param name="details">Null for what is no call, and for a tool that does not say what it needs: nothing can be had on it behind the server.</param>
    private static bool TryFindNeeds(Exchange exchange, out ResourceSet? details, out Reply.Refused? refused)
    {
        (details, refused) = (null, null);
        // Who asks for a task has its arguments no longer: what it needed, its call was given.
        if (exchange.Message.Method != McpMethod.ToolsCall || exchange.Tool?.Tool is not { Needs.IsEmpty: false } tool) return true;
        if (BoundNeeds.Of(exchange.Message, tool, out var fault) is not { } needs)
        {
            refused = new Reply.Refused(new Refusal(ReasonCode.ArgumentNotAllowed, fault!));
            return false;
        }
        details = ResourceSet.Of(needs);
        // What the call may reach is what its record has to say; of a sensitive tool, what its file says.
        exchange.Resources = ResourceUse.Covered((tool.Flags.HasFlag(ToolFlags.Sensitive) ? tool.Needs : [.. needs]).SelectMany(need => need.ToScopes()));
        return true;
    }
}

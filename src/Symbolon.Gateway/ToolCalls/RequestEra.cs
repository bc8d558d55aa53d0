using Symbolon.Core.Policy;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Sealing;
using Symbolon.Gateway.Upstreams;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>Which protocol a request speaks, and whether the server behind speaks it too.</summary>
internal sealed class RequestEra(UpstreamDirectory upstreams, LiveToolsReader tools, SessionSeal seal)
{
    private static readonly string[] AllVersions = [.. ProtocolVersions.Modern, .. ProtocolVersions.Legacy];

    /// <summary>Compares headers and body, and opens the session id of a legacy request.</summary>
    public Reply.Refused? Compare(Exchange exchange)
    {
        if (!exchange.IsPost) return null;
        var standing = exchange.Standing!;
        exchange.Upstream = upstreams.For(exchange.Caller!.Record.Organisation, standing.Server);
        var refusal = McpHeaders.Compare(exchange.Message, exchange.Http.Request.Headers, Supported(exchange.Upstream), out var revision);
        exchange.Era = revision?.Era ?? (exchange.Message.MetaVersion.IsPresent ? Era.Modern : Era.Legacy);
        exchange.Revision = revision;
        if (refusal is not null) return new Reply.Refused(refusal);
        return exchange.Era == Era.Legacy ? OpenSession(exchange) : null;
    }

    /// <summary>A foreign, forged or mangled session id is as unknown as one that never was.</summary>
    public Reply.Refused? OpenSession(Exchange exchange)
    {
        if (exchange.Message.Method == McpMethod.Initialize) return null;
        var header = exchange.Http.Request.Headers[McpHeaders.Session];
        if (header.Count == 0) return null;
        exchange.Session = header.Count == 1 ? exchange.Caller!.SessionOf(header[0]!, exchange.Standing!.Server.Name, seal, exchange.Now) : null;
        if (exchange.Session is null) return new Reply.Refused(UpstreamRefusals.UnknownSession);
        exchange.Revision = exchange.Session.Revision;
        return null;
    }

    /// <summary>Whether the upstream speaks the era of this client; asks it when that is not known yet.</summary>
    public async ValueTask<Reply?> EnsureSpokenAsync(Exchange exchange)
    {
        var upstream = exchange.Upstream!;
        var isFresh = tools.IsFresh(upstream, exchange.Era);
        if (UpstreamProbe.Look(exchange) is { } away) return away;
        if (!isFresh)
        {
            if (exchange.Era == Era.Modern) exchange.WatchClient();
            try
            {
                await tools.EnsureAsync(upstream, exchange.Era, exchange.Stop);
            }
            catch (Exception e) when (e is UpstreamFault or OperationCanceledException)
            {
                return UpstreamRelay.WhyFailed(exchange, e);
            }
        }
        return upstream[exchange.Era].State == EraState.Spoken
            ? null
            : new Reply.Refused(new Refusal(ReasonCode.UnsupportedVersion, "The server behind the gateway does not speak this version.")
            {
                Requested = exchange.Revision?.Text ?? exchange.Http.Request.Headers[McpHeaders.Version].ToString(),
                Supported = upstream.Versions,
            });
    }

    private static IReadOnlyList<string> Supported(Upstream upstream) => upstream.Versions is { IsEmpty: false } known ? known : AllVersions;
}

using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Gateway;
using Symbolon.Gateway.Authentication;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.ToolCalls;
using Symbolon.Jose.Json;

namespace Symbolon.MicroBenchmarks;

/// <summary>
/// The parts of a call, and all of them in the order of the pipeline (P7): cached token, standing, strict scan, decision, both audit
/// records chained, envelope spliced. No listener, no upstream, no disk, no DPoP.
/// </summary>
public class OwnCall : IDisposable
{
    private readonly AuditEvent intent = FilledIntent();
    private readonly byte[] text = RequestText.OfSize(443);
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, new byte[32]);
    private readonly byte[] digest = new byte[32];
    private byte[] hashed = [];
    private GatewayParts parts = null!;
    private ExchangePool exchanges = null!;
    private CallerAuthenticator authenticator = null!;
    private StandingTable standings = null!;
    private CallRecord record = null!;
    private JsonLimits limits;
    private CallerToken token = null!;
    private long now;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        parts = new GatewayParts();
        await parts.WarmAsync();
        exchanges = parts.Get<ExchangePool>();
        authenticator = parts.Get<CallerAuthenticator>();
        standings = parts.Get<StandingTable>();
        record = parts.Get<CallRecord>();
        var options = parts.Get<GatewayOptions>();
        limits = new JsonLimits(options.MaxDepth, options.MaxMembers);
        now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        if (!LookUpToken()) throw new InvalidOperationException("The token is not in the cache.");
        if (!Decide()) throw new InvalidOperationException("The tool is not allowed.");
        var before = parts.Audit.Taken;
        await WholePathAsync();
        if (parts.Audit.Taken != before + 2) throw new InvalidOperationException("A call has to leave two records.");
        hashed = new byte[parts.Audit.LastSize];
    }

    [GlobalCleanup]
    public void Dispose()
    {
        parts.Dispose();
        hash.Dispose();
        mac.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public bool LookUpToken()
    {
        var refusal = authenticator.Authenticate(parts.Http, now, out var found, out _);
        if (found is not null) token = found;
        return refusal is null && found is not null;
    }

    [Benchmark]
    public bool Decide() =>
        standings.Of(token, GatewayParts.Server, now) is Standing.Known known && known.Reach.Find("lookup"u8).Decision is Decision.Allow;

    /// <summary>One intent with what a call fills in, as canonical JSON, hashed onto the chain.</summary>
    [Benchmark]
    public long BuildRecord()
    {
        parts.Audit.Append(intent);
        return parts.Audit.Taken;
    }

    /// <summary>What of a call is the system's cryptography, whoever calls it: two records hashed, the arguments' HMAC.</summary>
    [Benchmark]
    public int HashAlone()
    {
        for (var i = 0; i < 2; i++)
        {
            hash.AppendData(hashed);
            hash.GetHashAndReset(digest);
        }
        mac.AppendData(hashed, 0, 28);
        return mac.GetHashAndReset(digest);
    }

    [Benchmark]
    public async ValueTask WholePathAsync()
    {
        var exchange = exchanges.Open(parts.Http);
        authenticator.Authenticate(parts.Http, exchange.Now, out var caller, out _);
        exchange.Caller = caller;
        exchange.Standing = (Standing.Known)standings.Of(caller!, GatewayParts.Server, exchange.Now);
        text.CopyTo(exchange.Message.Room(text.Length));
        exchange.Message.Advance(text.Length);
        if (McpRequestReader.Read(exchange.Message, limits) is { } refusal) throw new InvalidOperationException(refusal.Text);
        JsonValue.Root(exchange.Message.At(exchange.Message.Name)).TryGetPlainText(out var name);
        exchange.Tool = exchange.Standing.Reach.Find(name);
        exchange.Revision = ProtocolRevision.V20260728;
        record.AppendIntent(exchange, allowed: true, code: null, isAwaited: false);
        UpstreamEnvelope.Write(exchange.Message, exchange.Revision.Text, default, exchange.Outgoing);
        await record.CloseAsync(exchange, Reply.Message.Completed);
        exchanges.Return(exchange);
    }

    private static AuditEvent FilledIntent() => new()
    {
        Kind = AuditKind.CallIntent, Call = Guid.NewGuid(), Time = 1_700_000_000_000_000, Agent = "bot", Initiator = "bot", Token = "tok_1",
        Method = "tools/call", Server = GatewayParts.Server, Tool = GatewayParts.Tool, Effect = "read", ProtocolVersion = "2026-07-28",
        ArgumentsHmac = new byte[32], ArgumentsSize = 200, Allowed = true, Scope = "mcp:records:lookup", Grant = "g",
    };
}

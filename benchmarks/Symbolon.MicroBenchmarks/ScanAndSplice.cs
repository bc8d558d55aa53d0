using BenchmarkDotNet.Attributes;
using Symbolon.Gateway;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.MicroBenchmarks;

/// <summary>A request accepted by the strict scan, then written for the upstream: envelope anew, arguments spliced.</summary>
public class ScanAndSplice
{
    private readonly McpMessage message = new();
    private readonly ByteBuffer outgoing = new();
    private byte[] text = [];
    private JsonLimits limits;

    [Params(443, 1_229, 65_536)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var options = new GatewayOptions();
        limits = new JsonLimits(options.MaxDepth, options.MaxMembers);
        text = RequestText.OfSize(Size);
        if (Scan() is { } refusal) throw new InvalidOperationException(refusal);
    }

    [Benchmark]
    public string? Scan()
    {
        message.Reset();
        text.CopyTo(message.Room(text.Length));
        message.Advance(text.Length);
        return McpRequestReader.Read(message, limits)?.Text;
    }

    [Benchmark]
    public int ScanThenSplice()
    {
        Scan();
        outgoing.Clear();
        UpstreamEnvelope.Write(message, "2026-07-28", default, outgoing);
        return outgoing.Length;
    }
}

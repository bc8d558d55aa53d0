using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.UnitTests.Gateway.Channels;

/// <summary>The whole gateway with its server behind channels whose other side is the test. Configure before <see cref="Connect"/>.</summary>
internal sealed class ChannelRig(ProcessIsolation isolation, Action<FakeChannel, JsonElement> serve, Action<Symbolon.Gateway.GatewayOptions>? configure = null) : IDisposable
{
    private ChannelInvoker? invoker;

    public GatewayRig Gateway { get; } = new(configure);

    public FakeChannels Channels { get; } = new(() => new FakeChannel { Answer = (channel, message) => Serve(channel, message, serve) });

    /// <summary>The channel of the legacy session that was opened last; the gateway reads on others beside it, in both eras.</summary>
    public FakeChannel Last => Channels.Opened.Last(channel => channel.Sent is [var first, ..] && first.Contains("\"initialize\"", StringComparison.Ordinal));

    public ChannelRig Connect()
    {
        var server = Gateway.Configuration.Server(OrganisationId.Default, new ServerName("deploy"))!;
        invoker ??= new ChannelInvoker(new ChannelHandler(new ChannelPool(Channels, isolation, new ChannelLimits(), "deploy", Gateway.Clock, NullLogger.Instance)));
        Gateway.Get<UpstreamDirectory>().For(OrganisationId.Default, server).Invoker = invoker;
        return this;
    }

    public void Dispose()
    {
        invoker?.Dispose();
        Gateway.Dispose();
    }

    private static void Serve(FakeChannel channel, JsonElement message, Action<FakeChannel, JsonElement> serve)
    {
        var method = message.TryGetProperty("method", out var name) ? name.GetString() : null;
        if (method == "tools/list")
            channel.Say($$$$$$"""{"jsonrpc":"2.0","id":{{{{{{message.GetProperty("id")}}}}}},"result":{"resultType":"complete","tools":[{{{{{{GatewayRig.ReadTool}}}}}}],"ttlMs":0,"cacheScope":"private"}}""");
        else if (method is "initialize" or "server/discover")
        {
            if (method == "server/discover") FakeChannel.Modern(channel, message);
            else FakeChannel.Legacy(channel, message);
        }
        else serve(channel, message);
    }
}

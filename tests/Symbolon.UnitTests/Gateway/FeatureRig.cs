using Microsoft.AspNetCore.Http;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;

namespace Symbolon.UnitTests.Gateway;

/// <summary>What tests of prompts, resources and questions of servers put into a <see cref="GatewayRig"/>.</summary>
internal static class FeatureRig
{
    /// <summary>The tools of <see cref="GatewayRig.Grant"/>, and these.</summary>
    public static GrantObject Grant(string[] prompts, string[] resources)
    {
        var grant = GatewayRig.Grant();
        return grant with
        {
            Servers = [grant.Servers[0] with { Prompts = [.. prompts], Resources = [.. resources.Select(Pattern)] }],
        };
    }

    /// <summary>With another version of the server's file, as a review would approve it.</summary>
    public static void MayAsk(this GatewayRig rig, ClientFeatures features, int number = 2) =>
        rig.Apply(GatewayRig.Server(manifest => manifest with { ClientFeatures = features }, number: number));

    /// <summary>Opens a legacy session with these capabilities.</summary>
    public static async Task<string> OpenAsync(this GatewayRig rig, string capabilities = "{}", string version = "2025-11-25") =>
        (await rig.PostAsync(Request("initialize", "\"protocolVersion\":\"" + version + "\",\"capabilities\":" + capabilities + ",\"clientInfo\":{\"name\":\"c\",\"version\":\"1\"}")))
        .Headers["Mcp-Session-Id"].ToString();

    public static string Request(string method, string members = "") =>
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":{" + members + "}}";

    public static Action<HttpContext> In(string session) => context => context.Request.Headers["Mcp-Session-Id"] = session;

    private static UriPattern Pattern(string text) => UriPattern.Parse(text, out var fault) ?? throw new ArgumentException(fault);
}

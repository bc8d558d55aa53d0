using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Nodes;

internal static class NodeEndpoints
{
    private static readonly TimeSpan Recently = TimeSpan.FromSeconds(30);

    public static void MapNodes(this RouteGroupBuilder api) =>
        api.MapGet("/nodes", ListAsync).Describe("ListNodes", "nodes:read", "Nodes seen within the last 30 seconds.").Produces<NodeResponse[]>();

    private static async Task<IResult> ListAsync(HttpContext context, INodeStore nodes)
    {
        var live = await nodes.LiveAsync(Recently, context.RequestAborted);
        return Answers.Json(context,
            live.OrderBy(node => node.Node, StringComparer.Ordinal).Select(node => new NodeResponse(node.Node, node.Lease, node.ConfirmedRevision, UnixTime.FromMicroseconds(node.SeenAt))).ToArray());
    }
}

using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Access;

/// <summary>What stands between a token and a call beside scopes and grants, in words for people; null where nothing does. The gateway asks the same.</summary>
internal static class Blocks
{
    public const string Drift = "what the server lists is not what was reviewed";

    /// <summary>Nobody in the holder is suspended, retired or gone.</summary>
    public static string? OfHolder(Configuration configuration, TokenRecord token)
    {
        if (token.Holder.Agent is { } agent && configuration.Agent(token.Organisation, agent)?.State is var state and not Lifecycle.Active) return $"agent {agent} is {Said(state)}";
        return token.Holder.Workflow is { } workflow && configuration.Workflow(token.Organisation, workflow)?.State is var work and not Lifecycle.Active ? $"workflow {workflow} is {Said(work)}" : null;
    }

    public static string? OfServer(ServerObject? server) =>
        server is null ? "there is no such server" : server.State != Lifecycle.Active ? $"the server is {server.State.ToText()}" : null;

    public static string? OfTool(UpstreamReading reading, ToolName tool) => reading.Tools.GetValueOrDefault(tool) is { IsSuspended: true } ? Drift : null;

    private static string Said(Lifecycle? state) => state?.ToText() ?? "not there";
}

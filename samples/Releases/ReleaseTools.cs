using System.ComponentModel;
using System.Net;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using Symbolon.Client;

namespace Releases;

/// <summary>What an agent may do with releases: one tool reads, and one cannot be taken back. Both ask the API, which decides by the token of the call.</summary>
/// <param name="api">With the token and the proof for it; null where the server was only started to be registered.</param>
internal sealed class ReleaseTools(HttpClient? api)
{
    [McpServerTool(Name = "rollout_status", Title = "Rollout status", ReadOnly = true, OpenWorld = false)]
    [Description("Shows how far a release is rolled out.")]
    public Task<string> RolloutStatus(
        [Description("The namespace, for example checkout.")] string @namespace,
        [Description("The release, for example web.")] string name,
        CancellationToken cancellation) => AskAsync(HttpMethod.Get, @namespace, name, cancellation);

    [McpServerTool(Name = "delete_release", Title = "Delete a release", Destructive = true, OpenWorld = false)]
    [Description("Deletes a release with everything that runs for it. This cannot be undone.")]
    public Task<string> DeleteRelease(
        [Description("The namespace, for example checkout.")] string @namespace,
        [Description("The release, for example web.")] string name,
        CancellationToken cancellation) => AskAsync(HttpMethod.Delete, @namespace, name, cancellation);

    private async Task<string> AskAsync(HttpMethod method, string within, string name, CancellationToken cancellation)
    {
        if (api is null) throw new McpException("This server was started without --symbolon: it lists its tools, to be registered, and runs none.");
        using var request = new HttpRequestMessage(method, $"/namespaces/{Uri.EscapeDataString(within)}/releases/{Uri.EscapeDataString(name)}");
        try
        {
            using var answer = await api.SendAsync(request, cancellation);
            if (answer.IsSuccessStatusCode) return answer.StatusCode == HttpStatusCode.NoContent ? $"{name} is deleted." : await answer.Content.ReadAsStringAsync(cancellation);
            throw new McpException(answer.StatusCode == HttpStatusCode.NotFound ? $"There is no release {name}." : $"The API answered {(int)answer.StatusCode}.");
        }
        catch (SymbolonException refused)
        {
            throw new McpException($"There is no token for this call: {refused.Message}");
        }
    }
}

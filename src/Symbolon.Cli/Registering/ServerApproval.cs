using System.Text.Json;
using Symbolon.Admin.Servers;
using Symbolon.Cli.Api;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Registering;

/// <summary>Steps with servers that more than one command takes.</summary>
internal static class ServerApproval
{
    /// <param name="version">What was reviewed; null takes the version that is pending now.</param>
    public static async Task<JsonElement> ApproveAsync(AdminClient client, string name, int? version, string? reason, CancellationToken cancellation)
    {
        var route = $"servers/{Uri.EscapeDataString(name)}";
        if (version is null)
        {
            var server = await client.GetAsync(route, cancellation);
            version = int.TryParse(JsonPath.Text(server, "pendingVersion"), out var pending)
                ? pending
                : throw new CommandException(ExitCode.Conflict, "nothing_pending", $"Server {name} has no version that waits for approval.");
        }
        return await client.PostAsync($"{route}/approve", new ApproveRequest { Version = version.Value, Reason = reason }, cancellation);
    }
}

using System.Text.Json;
using Symbolon.Admin.Servers;
using Symbolon.Cli.Api;
using Symbolon.Cli.Output;
using Symbolon.Core.Registry;

namespace Symbolon.Cli.Registering;

/// <param name="NeedsInside">Its host's name leads inside, and approving it needs that word.</param>
/// <param name="Words">What approving it lets in.</param>
internal sealed record PendingServer(int Version, bool NeedsInside, string Words);

/// <summary>Steps with servers that more than one command takes.</summary>
internal static class ServerApproval
{
    private const int MostToolsShown = 30;

    /// <param name="version">What was reviewed.</param>
    /// <param name="inside">Its name may lead inside this network.</param>
    public static Task<JsonElement> ApproveAsync(AdminClient client, string name, int version, bool inside, string? reason, CancellationToken cancellation) =>
        client.PostAsync($"{Route(name)}/approve", new ApproveRequest { Version = version, Inside = inside, Reason = reason }, cancellation);

    /// <summary>The version that waits for approval now, and in words what approving it lets in.</summary>
    public static async Task<PendingServer> PendingAsync(AdminClient client, string name, CancellationToken cancellation)
    {
        var server = await client.GetAsync(Route(name), cancellation);
        if (!int.TryParse(JsonPath.Text(server, "pendingVersion"), out var version))
            throw new CommandException(ExitCode.Conflict, "nothing_pending", $"Server {name} has no version that waits for approval.");
        List<string> tools = JsonPath.Find(server, "pending.tools") is { ValueKind: JsonValueKind.Array } listed
            ? [.. listed.EnumerateArray().Select(tool => $"{JsonPath.Text(tool, "name")} ({JsonPath.Text(tool, "effect")})")] : [];
        var more = tools.Count > MostToolsShown ? $" and {tools.Count - MostToolsShown} more" : "";
        return new PendingServer(version, JsonPath.Text(server, "pending.needsInside") == "yes",
            $"Server {name}, version {version}, {Where(server)}, with {tools.Count} tools: {string.Join(", ", tools.Take(MostToolsShown))}{more}.{Recorded(server)}{Warnings(server)}");
    }

    /// <summary>What the server finds that a reviewer should look at.</summary>
    private static string Warnings(JsonElement server) =>
        JsonPath.Find(server, "pending.warnings") is { ValueKind: JsonValueKind.Array } listed && listed.GetArrayLength() > 0
            ? $" Look at: {string.Join("; ", listed.EnumerateArray().Select(warning => warning.GetString()))}." : "";

    /// <summary>For a process, the files that are held to from then on are part of what is approved.</summary>
    private static string Where(JsonElement server)
    {
        if (JsonPath.Find(server, "pending.process") is not { } process) return $"at {JsonPath.Text(server, "pending.url")}{Place(JsonPath.Text(server, "pending.hostPlace"))}";
        var words = process.GetProperty("args").EnumerateArray().Select(word => word.GetString()!).Prepend(process.GetProperty("command").GetString()!);
        var files = process.GetProperty("digests").EnumerateArray().Select(file => $"{JsonPath.Text(file, "target")} {JsonPath.Text(file, "digest")}");
        var variables = process.GetProperty("env").EnumerateObject().Select(variable => $"{variable.Name}={variable.Value.GetString()}").ToList();
        return $"starting {string.Join(' ', words.Select(CommandText.Quoted))}{(variables.Count > 0 ? $" with {string.Join(' ', variables.Select(CommandText.Quoted))}" : "")} (held to {string.Join(", ", files)})";
    }

    private static string Place(string? host) => host switch
    {
        "inside" => " (inside this network)",
        "outside" => " (outside this network)",
        "unknown" => " (a name without an address now)",
        "forbidden" => " (an address that is never connected to)",
        _ => "",
    };

    /// <summary>What the audit would keep of calls is said to who lets it.</summary>
    private static string Recorded(JsonElement server)
    {
        if (JsonPath.Find(server, "pending.tools") is not { ValueKind: JsonValueKind.Array } tools) return "";
        List<string> kept = [.. tools.EnumerateArray()
            .Select(tool => (Name: JsonPath.Text(tool, "name"), Arguments: JsonPath.Text(tool, "recordedArguments")))
            .Where(tool => tool.Arguments is { Length: > 0 }).Select(tool => $"{tool.Name} ({tool.Arguments})")];
        return kept.Count == 0 ? "" : $" The audit will keep arguments, redacted, of: {string.Join(", ", kept.Take(MostToolsShown))}{(kept.Count > MostToolsShown ? $" and {kept.Count - MostToolsShown} more" : "")}.";
    }

    private static string Route(string name) => $"servers/{Uri.EscapeDataString(name)}";
}

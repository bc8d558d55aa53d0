using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Symbolon.Cli.Output;
using Symbolon.Cli.Upstreams;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Resources;

namespace Symbolon.Cli.Importing;

/// <summary>
/// ToolHive's permissions as needs: <c>read:file/…</c> and <c>write:file/…</c> for a path and all below it, <c>connect:net/{host}/{port}</c>. What a pattern cannot
/// hold is told and never widened.
/// </summary>
internal static class ToolHivePermissions
{
    public static (ImmutableArray<ResourceNeed> Needs, List<string> Faults) Read(JsonElement permissions)
    {
        var (needs, faults) = (new List<ResourceNeed>(), new List<string>());
        if (permissions.ValueKind != JsonValueKind.Object)
        {
            faults.Add("permissions must be an object");
            return ([], faults);
        }
        foreach (var member in permissions.EnumerateObject())
            switch (member.Name)
            {
                case "read": Paths(member.Value, ["read"], needs, faults); break;
                // What is mounted to be written can be read too.
                case "write": Paths(member.Value, ["read", "write"], needs, faults); break;
                case "network": Network(member.Value, needs, faults); break;
                case "privileged" when member.Value.ValueKind == JsonValueKind.False: break;
                case "privileged": faults.Add("privileged is not taken: it needs the whole machine"); break;
                case "name": break;
                default: faults.Add($"permissions.{TextRules.Shown(member.Name)} is not taken: it is not known here"); break;
            }
        var together = PublishedNeeds.Together(needs);
        if (together.Length <= DocumentLimits.Needs) return (together, faults);
        faults.Add($"the permissions come to {together.Length} resources; a tool has at most {DocumentLimits.Needs}");
        return ([], faults);
    }

    private static void Paths(JsonElement list, string[] actions, List<ResourceNeed> needs, List<string> faults)
    {
        foreach (var text in Texts(list, "read and write", faults))
        {
            // A mount may be HOST:CONTAINER; what is protected is the host's.
            var path = text.Split(':') is [{ Length: > 0 } host, ['/', ..]] ? host : text;
            var trimmed = path.TrimEnd('/');
            var fault = path[0] != '/' ? "is no absolute path"
                : ResourcePattern.Parse("file" + (trimmed.Length == 0 ? "/**" : trimmed), out var wrong) is { } parsed && parsed.Segments.All(segment => segment.Kind == SegmentKind.Literal || trimmed.Length == 0) ? null
                : wrong is null ? "has a mark that a pattern would read as more than it says" : $"cannot be a pattern: it {wrong}";
            if (fault is not null)
            {
                faults.Add($"the path {NamedTools.Cut(text)} {fault}");
                continue;
            }
            // A path can be a file or a folder: itself, and all below it.
            string[] patterns = trimmed.Length == 0 ? ["file/**"] : [$"file{trimmed}", $"file{trimmed}/**"];
            foreach (var pattern in patterns)
                if (ResourcePattern.Parse(pattern, out var below) is { } resource) needs.Add(new ResourceNeed([.. actions], resource));
                else faults.Add($"the path {NamedTools.Cut(text)} cannot be a pattern: it {below}");
        }
    }

    private static void Network(JsonElement network, List<ResourceNeed> needs, List<string> faults)
    {
        if (network.ValueKind != JsonValueKind.Object)
        {
            faults.Add("permissions.network must be an object");
            return;
        }
        foreach (var member in network.EnumerateObject().Where(member => member.Name is not ("outbound" or "inbound" or "mode")))
            faults.Add($"permissions.network.{TextRules.Shown(member.Name)} is not taken: it is not known here");
        if (ForeignText.Member(network, "mode") is { Length: > 0 } mode && mode is not ("bridge" or "none" or "default")) faults.Add($"the network mode {NamedTools.Cut(mode)} is not taken: what it lets through cannot be known");
        if (JsonPath.Find(network, "outbound") is not { } outbound) return;
        if (outbound.ValueKind != JsonValueKind.Object)
        {
            faults.Add("permissions.network.outbound must be an object");
            return;
        }
        foreach (var member in outbound.EnumerateObject().Where(member => member.Name is not ("insecure_allow_all" or "allow_host" or "allow_port" or "allow_transport")))
            faults.Add($"permissions.network.outbound.{TextRules.Shown(member.Name)} is not taken: it is not known here");
        var all = JsonPath.Find(outbound, "insecure_allow_all");
        if (all is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) }) faults.Add("insecure_allow_all must be true or false");
        if (all is { ValueKind: JsonValueKind.True })
        {
            needs.Add(new ResourceNeed(["connect"], ResourcePattern.Parse("net/**", out _)!));
            return;
        }
        var hosts = JsonPath.Find(outbound, "allow_host") is { } named ? Texts(named, "allow_host", faults) : [];
        var ports = JsonPath.Find(outbound, "allow_port") is { } numbered ? Ports(numbered, faults) : [];
        if (hosts.Count == 0 && ports.Count == 0) return;
        foreach (var host in hosts.DefaultIfEmpty("*"))
            foreach (var port in ports.DefaultIfEmpty("*"))
                if (HostOf(host, faults) is { } name && ResourcePattern.Parse($"net/{name}/{port}", out _) is { } resource) needs.Add(new ResourceNeed(["connect"], resource));
    }

    private static string? HostOf(string host, List<string> faults)
    {
        if (host == "*") return host;
        var fault = host.StartsWith('.') || host.StartsWith('*') ? "means every name that ends so, which a pattern cannot hold: name the hosts"
            : ResourcePattern.Parse(host, out _) is { Segments: [{ Kind: SegmentKind.Literal }] } && Uri.CheckHostName(host.Trim('[', ']')) != UriHostNameType.Unknown ? null
            : "is no name of a host";
        if (fault is null) return host.ToLowerInvariant();
        var told = $"the host {NamedTools.Cut(host)} {fault}";
        if (!faults.Contains(told)) faults.Add(told);
        return null;
    }

    private static List<string> Ports(JsonElement list, List<string> faults)
    {
        var ports = new List<string>();
        if (list.ValueKind != JsonValueKind.Array) faults.Add("allow_port must be a list");
        else foreach (var item in list.EnumerateArray())
            if (item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var port) && port is > 0 and < 65_536) ports.Add(port.ToString(CultureInfo.InvariantCulture));
            else faults.Add("allow_port must hold ports, 1 to 65535");
        return ports;
    }

    private static List<string> Texts(JsonElement list, string name, List<string> faults)
    {
        var texts = new List<string>();
        if (list.ValueKind != JsonValueKind.Array) faults.Add($"{name} must be a list");
        else foreach (var item in list.EnumerateArray())
            if (ForeignText.Of(item) is { Length: > 0 } text) texts.Add(text);
            else faults.Add($"{name} must hold texts");
        return texts;
    }
}

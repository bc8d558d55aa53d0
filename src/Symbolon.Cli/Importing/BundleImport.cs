using System.Text.Json;
using Symbolon.Cli.Output;
using Symbolon.Cli.Upstreams;

namespace Symbolon.Cli.Importing;

/// <summary>The manifest of an MCPB bundle: tools by name and description. It has no permissions, and its command is inside the bundle.</summary>
internal static class BundleImport
{
    private static readonly string[] Versions = ["0.1", "0.2", "0.3", "0.4"];

    public static ImportedServer Read(JsonElement root)
    {
        var version = ForeignText.Member(root, "manifest_version") ?? ForeignText.Member(root, "dxt_version");
        if (version is null || !Versions.Contains(version)) throw new CommandException(ExitCode.Error, "invalid", $"manifest_version must be one of {string.Join(", ", Versions)}.");
        var into = new ImportedServer($"an MCPB manifest {version}: {ForeignText.Member(root, "name")} {ForeignText.Member(root, "version")}") { Name = ForeignText.Member(root, "name") };
        into.Tools = NamedTools.Read(JsonPath.Find(root, "tools") is { ValueKind: JsonValueKind.Array } tools ? tools.EnumerateArray() : [], [], into);
        if (JsonPath.Find(root, "tools_generated") is { ValueKind: JsonValueKind.True }) into.Faults.Add("the server makes further tools as it runs (tools_generated): they are in no manifest, and are not served");
        if (JsonPath.Find(root, "server.mcp_config") is { ValueKind: JsonValueKind.Object } config && ForeignText.Member(config, "command") is { } command)
        {
            var words = JsonPath.Find(config, "args") is { ValueKind: JsonValueKind.Array } args ? args.EnumerateArray().Select(arg => ForeignText.Of(arg) ?? "?").Prepend(command) : [command];
            into.Remarks.Add($"the bundle starts {string.Join(' ', words)}. Unpack it where only its keepers can write, and give that command behind --.");
        }
        foreach (var setting in JsonPath.Find(root, "user_config") is { ValueKind: JsonValueKind.Object } settings ? settings.EnumerateObject() : [])
            if (setting.Value.ValueKind == JsonValueKind.Object && setting.Value.TryGetProperty("sensitive", out var sensitive) && sensitive.ValueKind == JsonValueKind.True)
                into.Remarks.Add($"its setting {NamedTools.Cut(setting.Name)} is a secret: seal it, and name it in spec.credential (symbolon server register --secret-env NAME=@FILE does both).");
        return into;
    }
}

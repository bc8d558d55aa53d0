using System.Text.Json;
using Symbolon.Cli.Output;
using Symbolon.Cli.Upstreams;

namespace Symbolon.Cli.Importing;

/// <summary>What a description of a server is written as.</summary>
internal enum ImportFormat
{
    /// <summary>A registry <c>server.json</c>, or a registry's answer with one in it.</summary>
    ServerJson,

    /// <summary>A saved answer to <c>tools/list</c>.</summary>
    ToolsList,

    /// <summary>The <c>manifest.json</c> of a bundle (MCPB, before that DXT).</summary>
    Bundle,

    /// <summary>A ToolHive permission profile, or an entry of its registry.</summary>
    ToolHive,
}

internal static class ImportFormats
{
    public const string Words = "auto, server.json, tools-list, mcpb or toolhive";

    /// <exception cref="CommandException">There is no such format, or the file is written as none.</exception>
    public static ImportFormat Of(string? asked, JsonElement root) => asked switch
    {
        "server.json" => ImportFormat.ServerJson,
        "tools-list" => ImportFormat.ToolsList,
        "mcpb" => ImportFormat.Bundle,
        "toolhive" => ImportFormat.ToolHive,
        null or "auto" => Guess(root) ?? throw new CommandException(ExitCode.Error, "invalid", "The file is none that can be imported: a registry server.json, a saved tools/list, the manifest of an MCPB bundle, or a ToolHive profile or entry.")
        {
            Hint = "Say what it is with --format, and what is missing is named.",
        },
        _ => throw CommandException.Usage($"--format must be {Words}."),
    };

    private static ImportFormat? Guess(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array) return ImportFormat.ToolsList;
        if (root.ValueKind != JsonValueKind.Object) return null;
        if (Has("manifest_version", "dxt_version")) return ImportFormat.Bundle;
        if (ForeignText.Member(root, "$schema")?.Contains("server.schema.json", StringComparison.Ordinal) == true || Has("packages", "remotes")) return ImportFormat.ServerJson;
        if (root.TryGetProperty("server", out var server) && server.ValueKind == JsonValueKind.Object && server.TryGetProperty("version", out _) && ForeignText.Member(server, "name") is not null) return ImportFormat.ServerJson;
        if (Has("permissions", "image", "read", "write", "network")) return ImportFormat.ToolHive;
        return Has("tools", "result") ? ImportFormat.ToolsList : null;

        bool Has(params string[] members) => members.Any(member => root.TryGetProperty(member, out _));
    }
}

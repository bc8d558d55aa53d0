using System.Text.Json;
using Symbolon.Cli.Output;
using Symbolon.Cli.Upstreams;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Cli.Importing;

/// <summary>A ToolHive permission profile, or an entry of a ToolHive registry. Both speak of the server as a whole.</summary>
internal static class ToolHiveImport
{
    private static readonly string[] OfEntries = ["permissions", "image", "url", "tools"];

    public static ImportedServer Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new CommandException(ExitCode.Error, "invalid", "A ToolHive profile or entry is an object.");
        var isEntry = OfEntries.Any(member => root.TryGetProperty(member, out _));
        var into = new ImportedServer(isEntry ? $"a ToolHive registry entry: {ForeignText.Member(root, "name")}" : "a ToolHive permission profile") { Name = ForeignText.Member(root, "name") };
        if (!isEntry)
        {
            Tools(root, [], into);
            return into;
        }
        ReadEntry(root, into);
        if (ForeignText.Member(root, "url") is { } url) Remote(url, ForeignText.Member(root, "transport"), into);
        else if (ForeignText.Member(root, "image") is { } image) PackageCommand.OfImage(image, root, into);
        return into;
    }

    /// <summary>Tools and permissions of an entry, which a <c>server.json</c> of ToolHive's own registry has too.</summary>
    public static void ReadEntry(JsonElement entry, ImportedServer into)
    {
        var tools = JsonPath.Find(entry, "tools") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToList() : [];
        if (JsonPath.Find(entry, "permissions") is { } permissions) Tools(permissions, tools, into);
        else into.Tools = NamedTools.Read(tools, [], into);
    }

    private static void Tools(JsonElement permissions, List<JsonElement> tools, ImportedServer into)
    {
        var read = ToolHivePermissions.Read(permissions);
        var holds = read.Faults.Count == 0 && !read.Needs.IsEmpty;
        if (holds && tools.Count > 0) into.Remarks.Add("ToolHive grants permissions to the server as a whole, so that every tool has all of them here. Give each tool what it needs, and no more.");
        if (!holds || tools.Count == 0) into.Remarks.AddRange(read.Needs.Take(DocumentLimits.Needs).SelectMany(need => need.ToScopes()).Select(scope => $"the profile has {scope}"));
        if (read.Faults.Count > 0) into.Faults.AddRange(read.Faults.Append("so no tool has needs here: a part of them would look like the whole. Write them by hand."));
        else if (holds && tools.Count == 0) into.Faults.Add("the profile names no tools to which its permissions could be given");
        into.Tools = NamedTools.Read(tools, holds ? read.Needs : [], into);
    }

    public static void Remote(string url, string? transport, ImportedServer into)
    {
        if (!UpstreamUrl.TryParse(url, out var address)) into.Faults.Add($"its address {NamedTools.Cut(url)} is not taken: it must be {UpstreamUrl.Rule}");
        else into.Upstream = transport == "sse" ? new UpstreamAddress.Sse { Url = address } : new UpstreamAddress.Http { Url = address };
    }
}

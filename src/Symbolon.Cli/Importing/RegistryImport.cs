using System.Text.Json;
using Symbolon.Cli.Output;
using Symbolon.Cli.Upstreams;

namespace Symbolon.Cli.Importing;

/// <summary>
/// A registry <c>server.json</c>: where the server is, or which package it is. The format has no tools; its publisher may name them, with effects and needs, under
/// <c>_meta["io.modelcontextprotocol.registry/publisher-provided"]["dev.symbolon"]["tools"]</c>, each as a tool of our files.
/// </summary>
internal static class RegistryImport
{
    public const string PublisherKey = "io.modelcontextprotocol.registry/publisher-provided";
    public const string OurKey = "dev.symbolon";

    /// <summary>Where ToolHive's own registry keeps tools and permissions, by image or address.</summary>
    private const string ToolHiveKey = "io.github.stacklok";

    public static ImportedServer Read(JsonElement root)
    {
        var server = JsonPath.Find(root, "server") is { ValueKind: JsonValueKind.Object } wrapped ? wrapped : root;
        if (ForeignText.Member(server, "name") is not { } name) throw new CommandException(ExitCode.Error, "invalid", "A server.json has a name.");
        var into = new ImportedServer($"a registry server.json: {name} {ForeignText.Member(server, "version")}") { Name = name[(name.LastIndexOf('/') + 1)..] };
        ReadTools(server, into);
        var remotes = Items(server, "remotes");
        var remote = remotes.Find(each => ForeignText.Member(each, "type") == "streamable-http") is { ValueKind: JsonValueKind.Object } http ? http : remotes.FirstOrDefault();
        var package = Items(server, "packages").Find(each => JsonPath.Text(each, "transport.type") == "stdio");
        if (remote.ValueKind == JsonValueKind.Object) Remote(remote, remotes.Count, into);
        else if (package.ValueKind == JsonValueKind.Object) PackageCommand.Of(package, into);
        else into.Faults.Add("it has neither a remote nor a package that speaks over standard input and output");
        return into;
    }

    private static void Remote(JsonElement remote, int count, ImportedServer into)
    {
        var url = ForeignText.Member(remote, "url") ?? "";
        if (url.Contains('{', StringComparison.Ordinal)) into.Faults.Add($"its address {NamedTools.Cut(url)} has places that who installs it fills in: say it with --url");
        else ToolHiveImport.Remote(url, ForeignText.Member(remote, "type"), into);
        if (count > 1) into.Remarks.Add($"it names {count} remotes; this is the first that speaks Streamable HTTP, or the first at all.");
        foreach (var header in Items(remote, "headers"))
            into.Remarks.Add($"it wants the header {NamedTools.Cut(ForeignText.Member(header, "name") ?? "?")}: seal its value, and name it in spec.credential (symbolon server register --header NAME=@FILE does both).");
    }

    private static void ReadTools(JsonElement server, ImportedServer into)
    {
        if (!Meta(server, out var publisher)) return;
        if (publisher.TryGetProperty(OurKey, out var own) && own.ValueKind == JsonValueKind.Object)
        {
            into.Tools = NamedTools.Read(Items(own, "tools"), [], into);
            foreach (var member in own.EnumerateObject().Where(member => member.Name != "tools")) into.Faults.Add($"its {OurKey}.{Core.Registry.Files.TextRules.Shown(member.Name)} is not taken: only tools are");
        }
        else if (publisher.TryGetProperty(ToolHiveKey, out var entries) && entries.ValueKind == JsonValueKind.Object && entries.EnumerateObject().ToList() is [{ Value.ValueKind: JsonValueKind.Object } entry])
        {
            ToolHiveImport.ReadEntry(entry.Value, into);
        }
    }

    private static bool Meta(JsonElement server, out JsonElement publisher)
    {
        publisher = default;
        return server.TryGetProperty("_meta", out var meta) && meta.ValueKind == JsonValueKind.Object && meta.TryGetProperty(PublisherKey, out publisher) && publisher.ValueKind == JsonValueKind.Object;
    }

    private static List<JsonElement> Items(JsonElement value, string member) =>
        value.TryGetProperty(member, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)] : [];
}

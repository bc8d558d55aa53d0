using System.Text.Json;
using Symbolon.Cli.Assessing;
using Symbolon.Cli.Upstreams;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.Cli.Importing;

/// <summary>A saved <c>tools/list</c>: definitions with their digests, and needs where the server publishes them.</summary>
internal static class ListImport
{
    private static readonly UpstreamAddress Anywhere = new UpstreamAddress.Http { Url = new Uri("http://127.0.0.1/mcp") };

    public static ImportedServer Read(JsonElement root)
    {
        var listed = SavedTools.Of(root);
        // A list does not say in which era it was asked for. The digest is one of the definition, so it holds in both: where a server lists another definition in one, the tool is refused there.
        var eras = new[] { Era.Modern, Era.Legacy }.Select(era => new EraListing.Listed(era, "", listed));
        var draft = ServerDraft.Of(new ServerName("x"), new ServerManifest { Owner = "x@example.com", Upstream = Anywhere, Credential = new UpstreamCredential.None() }, eras);
        var into = new ImportedServer("a saved tools/list") { Tools = draft.Tools };
        foreach (var tool in draft.Dropped.DistinctBy(tool => (tool.Name, tool.Why))) into.Faults.Add($"tool {tool.Name} is left out: {tool.Why}");
        foreach (var (tool, needs) in draft.Published)
        {
            if (needs.Fault is { } fault) into.Faults.Add($"tool {tool} has no needs: {fault}");
            if (needs.Remark is { } remark) into.Remarks.Add($"tool {tool}: {remark}");
        }
        return into;
    }
}

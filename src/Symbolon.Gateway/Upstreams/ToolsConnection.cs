using System.Text;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams.Credentials;

namespace Symbolon.Gateway.Upstreams;

/// <summary>
/// Reads the tools that an upstream lists in one era: opens a conversation, reads every page, closes. Bounded: at most 64 pages and
/// 10,000 tools.
/// </summary>
internal sealed class ToolsConnection(Upstream upstream, CredentialHeader credential, DefinitionWatch definitions, int maxAnswer, CancellationToken cancellation)
{
    private const int MostPages = 64;
    private const int MostTools = 10_000;

    private readonly OwnConversation conversation = new(upstream, credential, maxAnswer, cancellation);

    /// <returns>The tools, or null when the upstream does not speak this era.</returns>
    /// <exception cref="UpstreamFault">It cannot be told now.</exception>
    public async Task<LiveTools?> ReadAsync(Era era)
    {
        try
        {
            if (!await conversation.OpenAsync(era)) return null;
            var tools = await ReadPagesAsync(era);
            await conversation.EndAsync(cancellation);
            return tools;
        }
        catch (HttpRequestException)
        {
            throw UpstreamFault.Unreachable();
        }
        catch (IOException)
        {
            throw UpstreamFault.Unreachable();
        }
        finally
        {
            conversation.Clear();
        }
    }

    private async Task<LiveTools> ReadPagesAsync(Era era)
    {
        var tools = upstream.Manifest.Tools.ToDictionary(tool => tool.Name.Value, tool => (Reviewed: tool, Live: (LiveTool?)null), StringComparer.Ordinal);
        var listed = 0;
        var cursor = "";
        for (var page = 0; page < MostPages; page++)
        {
            var meta = era == Era.Modern ? OwnConversation.ModernMeta(upstream.Manifest.ClientFeatures) : "";
            var comma = cursor.Length > 0 && meta.Length > 0 ? "," : "";
            await conversation.PostAsync($"{{\"jsonrpc\":\"2.0\",\"id\":{page + 2},\"method\":\"tools/list\",\"params\":{{{cursor}{comma}{meta}}}}}", "tools/list");
            // A server without tools says so by not knowing the method.
            if (conversation.Envelope.Kind == AnswerKind.Error) return new LiveTools(tools.Values.Select(tool => tool.Live).OfType<LiveTool>());
            if (!TakePage(tools, era, ref listed)) throw UpstreamFault.Invalid("something else than a list of tools");
            var next = ToolListing.NextCursor(conversation.Envelope, conversation.Message);
            if (!next.IsPresent) return new LiveTools(tools.Values.Select(tool => tool.Live).OfType<LiveTool>());
            cursor = "\"cursor\":" + Encoding.UTF8.GetString(next.In(conversation.Message));
        }
        throw UpstreamFault.Invalid($"more than {MostPages} pages of tools");
    }

    /// <param name="tools">The manifest's, by name; others are counted and not kept.</param>
    private bool TakePage(Dictionary<string, (ManifestTool Reviewed, LiveTool? Live)> tools, Era era, ref int listed)
    {
        if (!ToolListing.TryGetTools(conversation.Envelope, conversation.Message, out var page)) return false;
        foreach (var item in page.Items)
        {
            if (++listed > MostTools) throw UpstreamFault.Invalid($"more than {MostTools} tools");
            if (ToolListing.Digest(item) is { } digest && tools.TryGetValue(digest.Name.Value, out var known) && definitions.Holds(upstream, era, item, digest))
                tools[digest.Name.Value] = (known.Reviewed, LiveTool.Of(item, digest, known.Reviewed, era));
        }
        return true;
    }
}

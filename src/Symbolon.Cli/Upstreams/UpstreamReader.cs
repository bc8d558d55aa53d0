using System.Net;
using Symbolon.Cli.Output;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.Cli.Upstreams;

/// <summary>The server wants a credential that it was not shown.</summary>
internal sealed class UpstreamRefusedException(McpAnswer answer) : Exception($"HTTP {(int?)answer.Status}")
{
    public HttpStatusCode? Status => answer.Status;
}

/// <summary>What a server lists, and the way on which it was found to answer.</summary>
/// <param name="Eras">At least one is <see cref="EraListing.Listed"/>.</param>
internal sealed record ReadUpstream(UpstreamAddress Address, IReadOnlyList<EraListing> Eras);

/// <summary>Reads what a server at a URL lists, in both eras where it answers both, and over the old HTTP+SSE where it has nothing else.</summary>
internal static class UpstreamReader
{
    /// <param name="server">Asked in the eras that it names.</param>
    /// <param name="credential">A header of the server's own, or null.</param>
    /// <exception cref="CommandException">The server cannot be reached, wants a credential, or speaks neither era.</exception>
    public static async Task<ReadUpstream> ReadAsync(HttpClient http, UpstreamAddress.Http server, ClientFeatures features, (string Name, string Value)? credential, CancellationToken cancellation)
    {
        var url = server.Url;
        try
        {
            var exchange = new McpExchange(http, url, credential);
            var eras = new List<EraListing>();
            foreach (var era in EraReader.ErasOf(server)) eras.Add(await EraReader.ReadAsync(era, exchange, features, cancellation));
            if (eras.OfType<EraListing.Listed>().Any()) return new ReadUpstream(server, eras);
            List<string> whys = [.. EraReader.Whys(eras)];
            if (server.Era != UpstreamEra.Modern && exchange.LooksLikeOldTransport)
            {
                await using var old = new SseExchange(http, url, credential);
                var listing = await EraReader.ReadAsync(Era.Legacy, old, features, cancellation);
                if (listing is EraListing.Listed) return new ReadUpstream(new UpstreamAddress.Sse { Url = url }, [listing]);
                whys.Add($"over HTTP+SSE of 2024-11-05: {((EraListing.NotSpoken)listing).Why}");
            }
            throw new CommandException(ExitCode.Error, "upstream_invalid", $"{url} answers as no MCP server over Streamable HTTP.")
            {
                Details = whys,
                Hint = "Is the path of --url that of its endpoint? It often is /mcp, or /sse for an old server.",
            };
        }
        catch (UpstreamRefusedException refused)
        {
            throw new CommandException(ExitCode.Error, "upstream_refused", $"{url} refuses us with {(int?)refused.Status}.")
            {
                Hint = "Give its credential: --header NAME=@FILE, where FILE holds the value of the header.",
            };
        }
        catch (HttpRequestException fault)
        {
            throw new CommandException(ExitCode.Unreachable, "upstream_unreachable", $"{url} cannot be reached: {fault.InnerException?.Message ?? fault.Message}.")
            {
                Hint = "Does it run there? register connects from this machine. A server that is a command is registered as -- COMMAND ARGS.",
            };
        }
    }
}

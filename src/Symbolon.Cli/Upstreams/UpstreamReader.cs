using System.Net;
using Symbolon.Cli.Output;
using Symbolon.Core.Tools;

namespace Symbolon.Cli.Upstreams;

/// <summary>The server wants a credential that it was not shown.</summary>
internal sealed class UpstreamRefusedException(McpAnswer answer) : Exception($"HTTP {(int)answer.Status}")
{
    public HttpStatusCode Status => answer.Status;
}

/// <summary>Reads what a server lists, in both eras where it answers both.</summary>
internal static class UpstreamReader
{
    /// <returns>At least one era that is <see cref="EraListing.Listed"/>.</returns>
    /// <exception cref="CommandException">The server cannot be reached, wants a credential, or speaks neither era.</exception>
    public static async Task<IReadOnlyList<EraListing>> ReadAsync(McpExchange exchange, CancellationToken cancellation)
    {
        try
        {
            EraListing[] eras = [await TryAsync(Era.Modern, ModernLister.ListAsync), await TryAsync(Era.Legacy, LegacyLister.ListAsync)];
            return eras.OfType<EraListing.Listed>().Any() ? eras : throw new CommandException(
                ExitCode.Error, "upstream_invalid", $"{exchange.Url} answers as no MCP server over Streamable HTTP.")
            {
                Details = [.. eras.OfType<EraListing.NotSpoken>().Select(era => $"{Spoken(era.Era)}: {era.Why}")],
                Hint = "Is the path of --url that of its endpoint? It often is /mcp.",
            };
        }
        catch (UpstreamRefusedException refused)
        {
            throw new CommandException(ExitCode.Error, "upstream_refused", $"{exchange.Url} refuses us with {(int)refused.Status}.")
            {
                Hint = "Give its credential: --header NAME=@FILE, where FILE holds the value of the header.",
            };
        }
        catch (HttpRequestException fault)
        {
            throw new CommandException(ExitCode.Unreachable, "upstream_unreachable", $"{exchange.Url} cannot be reached: {fault.InnerException?.Message ?? fault.Message}.")
            {
                Hint = "Does it run there? register connects from this machine, and needs a server over Streamable HTTP.",
            };
        }

        static string Spoken(Era era) => era == Era.Modern ? "asked as 2026-07-28" : "asked as 2025-11-25";

        async Task<EraListing> TryAsync(Era era, Func<McpExchange, CancellationToken, Task<EraListing>> list)
        {
            try
            {
                return await list(exchange, cancellation);
            }
            catch (UpstreamException fault)
            {
                return new EraListing.NotSpoken(era, fault.Message);
            }
        }
    }
}

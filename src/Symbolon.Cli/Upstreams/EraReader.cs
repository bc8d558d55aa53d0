using Symbolon.Core.Tools;

namespace Symbolon.Cli.Upstreams;

/// <summary>Reads what a server lists in one era.</summary>
internal static class EraReader
{
    /// <returns>What went wrong in the conversation is told as an era that is not spoken.</returns>
    /// <exception cref="UpstreamRefusedException">It wants a credential.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public static async Task<EraListing> ReadAsync(Era era, IMcpExchange exchange, CancellationToken cancellation)
    {
        try
        {
            return era == Era.Modern ? await ModernLister.ListAsync(exchange, cancellation) : await LegacyLister.ListAsync(exchange, cancellation);
        }
        catch (UpstreamException fault)
        {
            return new EraListing.NotSpoken(era, fault.Message);
        }
    }

    public static IEnumerable<string> Whys(IEnumerable<EraListing> eras) =>
        eras.OfType<EraListing.NotSpoken>().Select(era => $"{(era.Era == Era.Modern ? "asked as 2026-07-28" : "asked as 2025-11-25")}: {era.Why}");
}

using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.Cli.Upstreams;

/// <summary>Reads what a server lists in one era.</summary>
internal static class EraReader
{
    /// <param name="features">What it may ask clients for: some servers list a tool only where it was declared.</param>
    /// <returns>What went wrong in the conversation is told as an era that is not spoken.</returns>
    /// <exception cref="UpstreamRefusedException">It wants a credential.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public static async Task<EraListing> ReadAsync(Era era, IMcpExchange exchange, ClientFeatures features, CancellationToken cancellation)
    {
        try
        {
            return era == Era.Modern ? await ModernLister.ListAsync(exchange, features, cancellation) : await LegacyLister.ListAsync(exchange, features, cancellation);
        }
        catch (UpstreamException fault)
        {
            return new EraListing.NotSpoken(era, fault.Message);
        }
    }

    public static IEnumerable<Era> ErasOf(UpstreamAddress server) => server.Era switch
    {
        UpstreamEra.Legacy => [Era.Legacy],
        UpstreamEra.Modern => [Era.Modern],
        _ => [Era.Modern, Era.Legacy],
    };

    public static IEnumerable<string> Whys(IEnumerable<EraListing> eras) =>
        eras.OfType<EraListing.NotSpoken>().Select(era => $"{(era.Era == Era.Modern ? "asked as 2026-07-28" : "asked as 2025-11-25")}: {era.Why}");
}

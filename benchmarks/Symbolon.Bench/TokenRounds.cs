using System.Globalization;
using System.Text;

namespace Symbolon.Bench;

/// <summary>Rounds of token requests, and what is said of them.</summary>
internal static class TokenRounds
{
    public static async Task RunAsync(string root, string folder, int rounds, int seconds, Figures figures)
    {
        await Console.Error.WriteLineAsync("token endpoints");
        await using var stage = new TokenStage(root, folder);
        await stage.StartAsync();
        // Two to warm up: both runtimes compile what is hot while it runs.
        for (var round = 0; round < 2; round++)
        {
            foreach (var target in stage.Targets) await stage.RunAsync(target, seconds);
        }
        for (var round = 0; round < rounds; round++)
        {
            foreach (var target in stage.Targets) figures.Add(new Cell(target, TokenStage.Connections), await stage.RunAsync(target, seconds));
        }
    }

    /// <returns>Nothing when they did not run.</returns>
    public static string Section(Figures figures)
    {
        var cells = figures.Cells.Where(IsToken).ToList();
        if (cells.Count == 0) return "";
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""

            ## Token endpoints

            Client credentials, a JWT signed with ES256, {TokenStage.Connections} connections. By assertion: `private_key_jwt`, each assertion sent once. Symbolon looks the client's grants up,
            stores that the assertion is used and records the token, durably, before it answers; npm's oidc-provider keeps all in memory. Bound to a
            key: a client with a secret, and the proof (DPoP) of a key that no request had before.

            | endpoint | tokens/s | p50 µs | p99 µs | CPU µs a token | resident MB |
            |---|---|---|---|---|---|

            """);
        foreach (var cell in cells)
        {
            var rounds = figures.Of(cell);
            page.Append(CultureInfo.InvariantCulture, $"| {Target.NameOf(cell.Target.Hop)}, {cell.Target.Tool} | {Median(r => r.PerSecond):0} | {Median(r => r.P50):0} | {Median(r => r.P99):0} | {Median(r => r.CpuPerRequest):0.0} | {Median(r => r.ResidentMegabytes):0} |\n");
            double Median(Func<Round, double> figure) => Figures.Median(rounds.Select(figure));
        }
        return page.ToString();
    }

    public static bool IsToken(Cell cell) => cell.Target.Upstream == TokenStage.Work;
}

namespace Symbolon.Bench;

/// <summary>Symbolon and its peers in turn, cell by cell.</summary>
internal static class PeerRounds
{
    private static readonly int[] Connections = [1, 16, 64];

    public static async Task RunAsync(string root, string folder, int rounds, int seconds, Figures figures)
    {
        await Console.Error.WriteLineAsync("peers");
        var script = Path.Combine(root, "benchmarks", "session.lua");
        await using var stage = new PeerStage(root, folder);
        await stage.StartAsync();
        List<Cell> cells = [.. Connections.SelectMany(connections => stage.Targets.Select(target => new Cell(target, connections)))];
        foreach (var target in stage.Targets) await Load.RunAsync(new Cell(target, 16), seconds, script);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var cell in cells.ToArray())
            {
                try
                {
                    figures.Add(cell, await Load.RunAsync(cell, seconds, script));
                }
                catch (InvalidOperationException failed) when (cell.Target.Hop != Hop.Symbolon)
                {
                    // Once is enough: what follows would be measured on a gateway that has failed.
                    figures.NotHeld.Add((cell, failed.Message.ReplaceLineEndings(" ")));
                    cells.Remove(cell);
                }
            }
        }
        foreach (var target in stage.Targets) figures.SessionMegabytes[target.Name] = await stage.SessionMegabytesAsync(target);
    }
}

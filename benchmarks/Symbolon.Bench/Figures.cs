namespace Symbolon.Bench;

/// <summary>All rounds of all cells, and what is read from them.</summary>
internal sealed class Figures
{
    private readonly Dictionary<(Hop Hop, string Upstream, string Tool, int Connections), List<Round>> rounds = [];
    private readonly List<Cell> cells = [];

    /// <summary>The median of one fdatasync, in microseconds, one value a round.</summary>
    public List<double> SyncMicroseconds { get; } = [];

    /// <summary>Milliseconds from the start of the process to the first answer of <c>/readyz</c>.</summary>
    public double StartMilliseconds { get; set; }

    /// <summary>The parts beside the load were measured, too.</summary>
    public bool IsWhole { get; set; }

    /// <summary>The same on a store with a million tokens and ten thousand servers.</summary>
    public double? FilledStartMilliseconds { get; set; }

    public double? IdleStreamKilobytes { get; set; }

    /// <summary>Of the plain way's rate.</summary>
    public double? RowsOnSqlite { get; set; }

    /// <inheritdoc cref="RowsOnSqlite"/>
    public double? RowsOnPostgres { get; set; }

    /// <summary>MB of each further session of a gateway in front of a stdio server; empty when the peers did not run.</summary>
    public Dictionary<string, double> SessionMegabytes { get; } = [];

    /// <summary>The console's pages over a small and a large store; empty when they were not measured.</summary>
    public IReadOnlyList<PageTime> Pages { get; set; } = [];

    /// <summary>One decision by rules, of Symbolon and of other engines; empty when they were not measured.</summary>
    public List<PolicyTimes> Policy { get; } = [];

    /// <summary>Cells that a peer could not hold, with the load tool's words.</summary>
    public List<(Cell Cell, string Failure)> NotHeld { get; } = [];

    /// <summary>What the micro-benchmarks said; empty when they did not run.</summary>
    public IReadOnlyList<OwnPart> OwnCode { get; set; } = [];

    public IReadOnlyList<Cell> Cells => cells;

    public void Add(Cell cell, Round round)
    {
        var key = Key(cell);
        if (!rounds.TryGetValue(key, out var list))
        {
            rounds[key] = list = [];
            cells.Add(cell);
        }
        list.Add(round);
    }

    public IReadOnlyList<Round> Of(Cell cell) => rounds[Key(cell)];

    /// <summary>The median over the rounds, or null when the cell was not run.</summary>
    public double? MedianOf(Hop hop, string upstream, string tool, int connections, Func<Round, double> figure) =>
        rounds.TryGetValue((hop, upstream, tool, connections), out var list) ? Median(list.Select(figure)) : null;

    /// <summary>The median of the ratios of two cells, round by round: both sides of each ratio ran within seconds of one another.</summary>
    public double? Compare((Hop Hop, string Tool) one, (Hop Hop, string Tool) other, string upstream, int connections,
        Func<Round, double> figure, Func<double, double, double> compare) =>
        rounds.TryGetValue((one.Hop, upstream, one.Tool, connections), out var left)
        && rounds.TryGetValue((other.Hop, upstream, other.Tool, connections), out var right)
            ? Median(left.Zip(right, (a, b) => compare(figure(a), figure(b))))
            : null;

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static (Hop, string, string, int) Key(Cell cell) => (cell.Target.Hop, cell.Target.Upstream, cell.Target.Tool, cell.Connections);
}

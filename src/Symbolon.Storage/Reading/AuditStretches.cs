using System.Runtime.CompilerServices;
using Dapper;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Storage.Databases;

namespace Symbolon.Storage.Reading;

/// <summary>
/// The stretches of a chain in which a query's records can stand, each for one short read. Where the notes of <see cref="AuditBlock"/>
/// reach, only the blocks that hold every value asked for; behind them every window.
/// </summary>
/// <param name="window">Records that one read looks at where there are no notes.</param>
internal sealed class AuditStretches(Database database, int window)
{
    /// <summary>Blocks asked for at once: the first hold what a page needs unless what is sought is spread thin.</summary>
    private const int BlocksAtOnce = 64;

    /// <param name="low">The first number, inclusive.</param>
    /// <param name="high">The last number, inclusive.</param>
    public async IAsyncEnumerable<(long First, long Last)> OfAsync(
        OrganisationId organisation, AuditQuery query, long low, long high, bool descending, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var values = Values(query);
        var noted = values.Count == 0 || high - low < window ? 0 : await NotedAsync(organisation, cancellation);
        noted = Math.Min(noted, high);
        if (descending)
            foreach (var stretch in Windows(Math.Max(low, noted + 1), high, descending)) yield return stretch;
        await foreach (var block in BlocksAsync(organisation, values, AuditBlock.Of(low), AuditBlock.Of(noted), noted < low, descending, cancellation))
            yield return (Math.Max(low, block * AuditBlock.Size), Math.Min(noted, (block + 1) * AuditBlock.Size - 1));
        if (!descending)
            foreach (var stretch in Windows(Math.Max(low, noted + 1), high, descending)) yield return stretch;
    }

    private IEnumerable<(long First, long Last)> Windows(long low, long high, bool descending)
    {
        while (low <= high)
        {
            var (first, last) = descending ? (Math.Max(low, high - window + 1), high) : (low, Math.Min(high, low + window - 1));
            yield return (first, last);
            if (descending) high = first - 1;
            else low = last + 1;
        }
    }

    private async IAsyncEnumerable<long> BlocksAsync(OrganisationId organisation, IReadOnlyList<(string Facet, string Value)> values,
        long low, long high, bool isEmpty, bool descending, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (isEmpty) yield break;
        var sql = Sql(values, descending);
        while (low <= high)
        {
            var parameters = new DynamicParameters(new { organisation = organisation.Value, low, high, limit = (long)BlocksAtOnce });
            for (var i = 0; i < values.Count; i++) parameters.Add($"value{i}", values[i].Value);
            var blocks = (await database.ScanAsync(connection => connection.QueryAsync<long>(sql, parameters), cancellation)).AsList();
            foreach (var block in blocks) yield return block;
            if (blocks.Count < BlocksAtOnce) yield break;
            if (descending) high = blocks[^1] - 1;
            else low = blocks[^1] + 1;
        }
    }

    private Task<long> NotedAsync(OrganisationId organisation, CancellationToken cancellation) => database.ScanAsync(connection =>
        connection.QuerySingleOrDefaultAsync<long>("SELECT seq FROM usage_mark WHERE organisation=@organisation", new { organisation = organisation.Value }), cancellation);

    private static string Sql(IReadOnlyList<(string Facet, string Value)> values, bool descending)
    {
        var others = values.Skip(1).Select((other, i) =>
            $" AND EXISTS (SELECT 1 FROM audit_block WHERE organisation=@organisation AND facet='{other.Facet}' AND value=@value{i + 1} AND block=one.block)");
        return $"""
            SELECT block FROM audit_block AS one WHERE organisation=@organisation AND facet='{values[0].Facet}' AND value=@value0
            AND block BETWEEN @low AND @high{string.Concat(others)} ORDER BY block {(descending ? "DESC" : "ASC")} LIMIT @limit
            """;
    }

    /// <summary>What the query asks for of <see cref="AuditBlock.Facets"/>; what is mostly the rarest first.</summary>
    private static IReadOnlyList<(string Facet, string Value)> Values(AuditQuery query) =>
    [
        .. new[]
        {
            ("token", query.Token), ("user", query.User), ("agent", query.Agent), ("workflow", query.Workflow), ("code", query.Code),
            ("tool", query.Tool), ("server", query.Server), ("kind", query.Kind),
        }.Where(each => each.Item2 is not null).Select(each => (each.Item1, AuditColumns.Text(each.Item2)!)),
    ];
}

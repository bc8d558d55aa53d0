using System.Data.Common;
using System.Text.Json;
using Dapper;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Storage.Databases;

namespace Symbolon.Storage.Writing;

/// <summary>Finds the intents of an ended lease that have no outcome, from what the node left with its last heartbeat: a mark, and the calls that last.</summary>
internal static class LostCalls
{
    /// <returns>For each one the outcome that closes it: nobody knows whether the call has happened.</returns>
    public static IReadOnlyList<AuditEvent> Find(DbConnection connection, NodeLease lease, long now)
    {
        var outcomes = new List<AuditEvent>();
        var lasting = connection.Query<(string Organisation, long Seq)>(
            "SELECT organisation, seq FROM node_open WHERE node=@node ORDER BY organisation, seq", new { node = lease.Node }).ToLookup(row => row.Organisation, row => row.Seq);
        var chains = connection.Query<(string Organisation, long Number, long Seq)>("""
            SELECT chain.organisation, chain.number, coalesce(mark.seq, 1) FROM audit_chain AS chain
            LEFT JOIN node_mark AS mark ON mark.organisation=chain.organisation AND mark.node=@node ORDER BY chain.organisation
            """, new { node = lease.Node }).AsList();
        foreach (var (organisation, number, seq) in chains)
            foreach (var intent in OpenFrom(connection, number, seq, lasting[organisation]))
                if (Closing(intent, new OrganisationId(organisation), lease, now) is { } outcome) outcomes.Add(outcome);
        return outcomes;
    }

    /// <param name="chain">The number of the chain.</param>
    /// <param name="seq">The mark: every intent before it is settled or lasting.</param>
    private static IEnumerable<byte[]> OpenFrom(DbConnection connection, long chain, long seq, IEnumerable<long> lasting)
    {
        var open = new Dictionary<Guid, long>();
        foreach (var intent in lasting)
            open[CallOf(connection.QuerySingle<byte[]>("SELECT call FROM audit WHERE place=@place", new { place = AuditPlace.Of(chain, intent) }))] = intent;
        // Unbuffered, and without the records: only the numbers of the open ones stay in memory.
        foreach (var row in connection.Query<(string Kind, byte[] Call, long Seq)>("""
            SELECT kind, call, seq FROM audit
            WHERE place >= @first AND place < @end AND kind IN ('call_intent', 'call_outcome') AND call IS NOT NULL ORDER BY place
            """, new { first = AuditPlace.Of(chain, seq), end = AuditPlace.Of(chain + 1, 0) }, buffered: false))
        {
            if (row.Kind == "call_intent") open[CallOf(row.Call)] = row.Seq;
            else open.Remove(CallOf(row.Call));
        }
        return open.Values.Order().Select(intent => connection.QuerySingle<byte[]>(
            "SELECT record FROM audit WHERE place=@place", new { place = AuditPlace.Of(chain, intent) }));
    }

    private static Guid CallOf(byte[] call) => new(call, bigEndian: true);

    private static AuditEvent? Closing(byte[] intent, OrganisationId organisation, NodeLease lease, long now)
    {
        using var document = JsonDocument.Parse(intent);
        var record = document.RootElement;
        if (record.GetProperty("lease").GetInt64() != lease.Lease || record.GetProperty("node").GetString() != lease.Node) return null;
        var said = record.GetProperty("event");
        return new AuditEvent
        {
            Kind = AuditKind.CallOutcome,
            Organisation = organisation,
            Time = now,
            Call = said.GetProperty("call").GetGuid(),
            User = Text(said, "user"),
            Agent = Text(said, "agent"),
            Workflow = Text(said, "workflow"),
            Token = Text(said, "token"),
            Server = Text(said, "server"),
            Tool = Text(said, "tool"),
            Outcome = CallOutcome.Unknown,
            Reason = $"lease {lease.Lease} of node {lease.Node} ended before the outcome was recorded",
        };
    }

    private static string? Text(JsonElement said, string name) => said.TryGetProperty(name, out var value) ? value.GetString() : null;
}

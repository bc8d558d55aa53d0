using System.Data.Common;
using Dapper;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Documents;

namespace Symbolon.Storage.Databases;

/// <summary>Writes an event in the transaction of what caused it.</summary>
internal static class AnnouncementRows
{
    /// <summary>
    /// Of one organisation. Beyond it the newest are left out and counted: what began is what somebody must know, and a server that changes its tools
    /// all day long fills no disk.
    /// </summary>
    public const int MostWaiting = 10_000;

    /// <returns>True: no change is refused because of its event.</returns>
    public static bool Add(DbConnection connection, OrganisationId organisation, Change.Announce announce, long at)
    {
        var row = new
        {
            organisation = organisation.Value, id = announce.Id, type = announce.Type, server = StorableText.Require(announce.Server, "a server"),
            body = StorableText.Require(announce.Body, "an event"), at, most = MostWaiting,
        };
        // Due since ever: those that are new go before those that are tried again.
        var written = connection.QuerySingleOrDefault<string?>("""
            INSERT INTO announcement (organisation, id, type, server, body, created_at, due_at, attempts)
            SELECT @organisation, @id, @type, @server, @body, @at, 0, 0
            WHERE (SELECT count(*) FROM announcement WHERE organisation=@organisation) < @most RETURNING id
            """, row);
        if (written is null)
            connection.Execute("""
                INSERT INTO announcement_state (organisation, lost) VALUES (@organisation, 1)
                ON CONFLICT (organisation) DO UPDATE SET lost=announcement_state.lost + 1
                """, row);
        return true;
    }
}

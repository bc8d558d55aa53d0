using Dapper;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage;

/// <summary>What sessions have done: a row each, for as long as they go on.</summary>
internal sealed class SessionFlagStore(Database database, StoreWriter writer) : ISessionFlags
{
    private const int MostCleared = 100;

    public Task<ToolFlags> FindAsync(OrganisationId organisation, string session, long now, CancellationToken cancellation) => database.ReadAsync(
        async connection => (ToolFlags)(await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            "SELECT flags FROM session_flag WHERE organisation=@organisation AND session=@session AND until>@now",
            new { organisation = organisation.Value, session, now }, cancellationToken: cancellation)) ?? 0), cancellation);

    public Task AddAsync(OrganisationId organisation, string session, ToolFlags flags, long now, long until, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return writer.RunAsync(transaction =>
        {
            var given = new { organisation = organisation.Value, session, flags = (long)flags, now, until, most = MostCleared };
            // A session that had ended begins anew.
            transaction.Connection.Execute("""
                INSERT INTO session_flag (organisation, session, flags, until) VALUES (@organisation, @session, @flags, @until)
                ON CONFLICT (organisation, session) DO UPDATE SET
                    flags = CASE WHEN session_flag.until > @now THEN session_flag.flags | excluded.flags ELSE excluded.flags END,
                    until = CASE WHEN session_flag.until > excluded.until THEN session_flag.until ELSE excluded.until END
                """, given);
            transaction.Connection.Execute("""
                DELETE FROM session_flag WHERE (organisation, session) IN
                    (SELECT organisation, session FROM session_flag WHERE until <= @now ORDER BY until, organisation, session LIMIT @most)
                """, given);
            return (true, true);
        });
    }
}

using System.Data.Common;
using Dapper;
using Symbolon.Core.OAuth.Proofs;

namespace Symbolon.Storage.Databases;

/// <summary>
/// Statements about used proofs. A proof is written once; a second use finds the row of another and gives none back, while a commit that is tried again
/// finds its own. One that ends before the time up to which rows were removed counts as used, so that a clock that is set back revives nothing.
/// </summary>
internal static class ProofRows
{
    /// <summary>Several at once, in the order of their key, so that two nodes cannot wait for each other. Gives back the ids of those that are new.</summary>
    public const string UseMany = $"""
        INSERT INTO proof_use (organisation, proof, expires_at, id)
        SELECT * FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::bytea[]) AS new(organisation, proof, expires_at, id)
        WHERE expires_at >= ({Cleared}) ORDER BY proof, organisation
        {UnlessUsed} RETURNING id
        """;

    private const string Cleared = "SELECT value FROM counter WHERE name='proofs_cleared'";

    private const string UnlessUsed = "ON CONFLICT (organisation, proof) DO UPDATE SET id=excluded.id WHERE proof_use.id=excluded.id";

    /// <summary>The statement for one proof, with the names of its parameters. Gives a row back if it is new.</summary>
    public static string Use(string organisation, string proof, string expires, string id) =>
        $"INSERT INTO proof_use (organisation, proof, expires_at, id) SELECT {organisation}, {proof}, {expires}, {id} WHERE {expires} >= ({Cleared}) {UnlessUsed} RETURNING 1";

    /// <returns>False for a replay, which the use then says as well.</returns>
    public static bool TryUse(DbConnection connection, ProofUse use)
    {
        var row = new { organisation = use.Organisation.Value, proof = use.ToBytes(), expires = use.ExpiresAt, id = use.Id.ToByteArray() };
        if (connection.QuerySingleOrDefault<long?>(Use("@organisation", "@proof", "@expires", "@id"), row) is not null) return true;
        use.Reject();
        return false;
    }

    /// <summary>From its commit on, uses that end earlier count as used; only then may <see cref="Clear"/> remove them.</summary>
    /// <param name="before">Microseconds since the Unix epoch. Nothing is changed if there is nothing to remove, or it is in the future for <paramref name="dialect"/>.</param>
    /// <returns>Whether there is anything new to remove.</returns>
    public static bool Close(DbConnection connection, Dialect dialect, long before) => connection.Execute($"""
        UPDATE counter SET value=@before WHERE name='proofs_cleared' AND value < @before AND @before <= {dialect.Now}
        AND EXISTS (SELECT 1 FROM proof_use WHERE expires_at < @before)
        """, new { before, now = before }) > 0;

    /// <summary>Removes some of those that count as used without their rows.</summary>
    /// <returns>How many.</returns>
    public static int Clear(DbConnection connection, int most) => connection.Execute($"""
        DELETE FROM proof_use WHERE (organisation, proof) IN (
            SELECT organisation, proof FROM proof_use WHERE expires_at < ({Cleared}) ORDER BY expires_at, organisation, proof LIMIT @most)
        """, new { most });
}

using System.Data.Common;
using Dapper;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;

namespace Symbolon.Storage.Databases;

/// <summary>Reads of the chains' ends on the writer's connection, rare: after a start, a failure, or another node's write.</summary>
internal static class AuditChains
{
    public static AuditChain Load(DbConnection connection, OrganisationId organisation)
    {
        if (Number(connection, organisation) == 0) Begin(connection, organisation);
        var (seq, time, hash) = connection.QuerySingle<(long, long, byte[])>(
            "SELECT seq, time, hash FROM audit_chain WHERE organisation=@organisation", new { organisation = organisation.Value });
        var chain = new AuditChain(organisation);
        chain.MoveTo(seq, time, hash);
        return chain;
    }

    public static byte[]? FindHash(DbConnection connection, OrganisationId organisation, long seq) =>
        connection.QuerySingleOrDefault<byte[]>(
            "SELECT hash FROM audit WHERE place=@place", new { place = AuditPlace.Of(Number(connection, organisation), seq) });

    /// <summary>The chain's number, which never changes; 0 when there is no such chain.</summary>
    public static long Number(DbConnection connection, OrganisationId organisation) => connection.QuerySingleOrDefault<long>(
        "SELECT number FROM audit_chain WHERE organisation=@organisation", new { organisation = organisation.Value });

    /// <summary>A number that was drawn in vain, because another node was faster, is left out.</summary>
    private static void Begin(DbConnection connection, OrganisationId organisation)
    {
        var number = connection.QuerySingle<long>("UPDATE counter SET value=value+1 WHERE name='chain' RETURNING value");
        connection.Execute("""
            INSERT INTO audit_chain (organisation, number, seq, time, hash) VALUES (@organisation, @number, 0, 0, @zeros)
            ON CONFLICT (organisation) DO NOTHING
            """, new { organisation = organisation.Value, number, zeros = new byte[AuditChain.HashSize] });
    }
}

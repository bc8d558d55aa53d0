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
        connection.Execute(
            "INSERT INTO audit_chain (organisation, seq, time, hash) VALUES (@organisation, 0, 0, @zeros) ON CONFLICT (organisation) DO NOTHING",
            new { organisation = organisation.Value, zeros = new byte[AuditChain.HashSize] });
        var (seq, time, hash) = connection.QuerySingle<(long, long, byte[])>(
            "SELECT seq, time, hash FROM audit_chain WHERE organisation=@organisation", new { organisation = organisation.Value });
        var chain = new AuditChain(organisation);
        chain.MoveTo(seq, time, hash);
        return chain;
    }

    public static byte[]? FindHash(DbConnection connection, OrganisationId organisation, long seq) =>
        connection.QuerySingleOrDefault<byte[]>(
            "SELECT hash FROM audit WHERE organisation=@organisation AND seq=@seq", new { organisation = organisation.Value, seq });
}

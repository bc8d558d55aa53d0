using System.Data.Common;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Storage.Databases;

namespace Symbolon.Storage.Writing;

/// <summary>The writer's open connection with the ends of the chains as it knows them. Thrown away after any failure.</summary>
internal sealed class WriteSession : IDisposable
{
    private readonly Dictionary<OrganisationId, AuditChain> chains = [];

    public WriteSession(Database database)
    {
        Dialect = database.Dialect;
        Connection = database.OpenForWriting();
        try
        {
            Audit = database.AuditTable(Connection);
        }
        catch
        {
            Connection.Dispose();
            throw;
        }
    }

    public Dialect Dialect { get; }
    public DbConnection Connection { get; }
    public IAuditTable Audit { get; }

    public AuditChain ChainOf(OrganisationId organisation)
    {
        if (!chains.TryGetValue(organisation, out var chain)) chains[organisation] = chain = Audit.LoadChain(organisation);
        return chain;
    }

    /// <summary>What was built on them did not come to be: they are read again.</summary>
    public void ForgetChains() => chains.Clear();

    public void Execute(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        try
        {
            Audit.Dispose();
        }
        finally
        {
            Connection.Dispose();
        }
    }
}

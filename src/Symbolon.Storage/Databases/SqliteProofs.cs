using Microsoft.Data.Sqlite;
using Symbolon.Core.OAuth.Proofs;

namespace Symbolon.Storage.Databases;

/// <summary>
/// Used proofs on SQLite, in the transaction of the records that they came with. What <see cref="ProofRows"/> says in one statement is taken apart here, since
/// every call with a proof pays for it: one look at what was cleared for all of them, and no row to give back.
/// </summary>
internal sealed class SqliteProofs : IDisposable
{
    private readonly SqliteStatement insert, own, cleared;

    public SqliteProofs(SqliteConnection connection)
    {
        insert = new(connection, "INSERT INTO proof_use (organisation, proof, expires_at, id) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (organisation, proof) DO NOTHING");
        own = new(connection, "SELECT 1 FROM proof_use WHERE organisation=?1 AND proof=?2 AND id=?3");
        cleared = new(connection, "SELECT 1 FROM counter WHERE name='proofs_cleared' AND value > ?1");
    }

    /// <param name="uses">At least one.</param>
    /// <returns>False when one of them is a replay, which it then says.</returns>
    public bool Use(List<ProofUse> uses)
    {
        var earliest = long.MaxValue;
        foreach (var use in uses) earliest = Math.Min(earliest, use.ExpiresAt);
        var isAnyCleared = IsCleared(earliest);
        var areNew = true;
        foreach (var use in uses)
        {
            if (!(isAnyCleared && IsCleared(use.ExpiresAt)) && (Insert(use) || IsOwn(use))) continue;
            use.Reject();
            areNew = false;
        }
        return areNew;
    }

    public void Dispose()
    {
        insert.Dispose();
        own.Dispose();
        cleared.Dispose();
    }

    private bool IsCleared(long expiresAt)
    {
        cleared.Bind(1, expiresAt);
        return cleared.Run();
    }

    private bool Insert(ProofUse use)
    {
        Span<byte> id = stackalloc byte[16];
        use.Id.TryWriteBytes(id);
        insert.Bind(1, use.Organisation.Value);
        BindProof(insert, use);
        insert.Bind(3, use.ExpiresAt);
        insert.Bind(4, id);
        return insert.Write() == 1;
    }

    /// <summary>Whether the row that is in the way was written by an earlier try of this very commit.</summary>
    private bool IsOwn(ProofUse use)
    {
        own.Bind(1, use.Organisation.Value);
        BindProof(own, use);
        own.Bind(3, use.Id.ToByteArray());
        return own.Run();
    }

    private static void BindProof(SqliteStatement statement, ProofUse use)
    {
        Span<byte> proof = stackalloc byte[ProofUse.Size];
        use.CopyTo(proof);
        statement.Bind(2, proof);
    }
}

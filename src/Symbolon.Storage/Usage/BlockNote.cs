using Dapper;
using Symbolon.Core.Identity;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage.Usage;

/// <summary>That a value stands in a block of the audit; <see cref="AuditBlock"/>.</summary>
internal readonly record struct BlockNote(string Facet, string Value, long Block)
{
    private static readonly string Columns = string.Join(", ", AuditBlock.Facets.Select(facet => $"\"{facet}\""));

    /// <summary>What is to be noted of one stretch of the audit.</summary>
    public static Task<IReadOnlyCollection<BlockNote>> ReadAsync(Database database, long first, long last, CancellationToken cancellation) =>
        database.ScanAsync<IReadOnlyCollection<BlockNote>>(async connection =>
        {
            var notes = new HashSet<BlockNote>();
            await using var rows = await connection.ExecuteReaderAsync(
                $"SELECT DISTINCT seq / {AuditBlock.Size}, {Columns} FROM audit WHERE place BETWEEN @first AND @last", new { first, last });
            while (await rows.ReadAsync(cancellation))
                for (var facet = 0; facet < AuditBlock.Facets.Count; facet++)
                    if (!rows.IsDBNull(facet + 1)) notes.Add(new BlockNote(AuditBlock.Facets[facet], rows.GetString(facet + 1), rows.GetInt64(0)));
            return notes;
        }, cancellation);

    public static void Write(WriteTransaction transaction, OrganisationId organisation, IReadOnlyCollection<BlockNote> notes) =>
        transaction.Connection.Execute(
            "INSERT INTO audit_block (organisation, facet, value, block) VALUES (@organisation, @facet, @value, @block) ON CONFLICT DO NOTHING",
            notes.Select(note => new { organisation = organisation.Value, facet = note.Facet, value = note.Value, block = note.Block }));
}

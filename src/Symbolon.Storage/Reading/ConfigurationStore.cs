using System.Data.Common;
using Dapper;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Documents;

namespace Symbolon.Storage.Reading;

/// <summary>Configuration as the store holds it.</summary>
internal sealed class ConfigurationStore(Database database) : IConfigurationStore
{
    public Task<long> RevisionAsync(CancellationToken cancellation) => database.ReadAsync(RevisionAsync, cancellation);

    public Task ListenAsync(Func<Task> changed, CancellationToken cancellation) => database.ListenAsync(changed, cancellation);

    public Task<ConfigurationChanges> ReadSinceAsync(long revision, CancellationToken cancellation) =>
        database.ReadSnapshotAsync(connection => ReadSinceAsync(connection, revision), cancellation);

    public async Task<(object Item, long Version)?> FindObjectAsync(OrganisationId organisation, ObjectKey key, CancellationToken cancellation)
    {
        if (!StorableText.CanBeStored(key.Name)) return null;
        var found = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<(string Document, long Version)>(
            "SELECT document, version FROM object WHERE organisation=@organisation AND kind=@kind AND name=@name",
            new { organisation = organisation.Value, kind = key.Kind.ToString(), name = key.Name }), cancellation);
        return found.Document is null ? null : (StoredDocument.Read(key.Kind.ToString(), found.Document), found.Version);
    }

    public async Task<object?> FindVersionAsync(OrganisationId organisation, ObjectKey key, long version, CancellationToken cancellation)
    {
        if (!StorableText.CanBeStored(key.Name)) return null;
        var found = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<string?>(
            "SELECT document FROM object_version WHERE organisation=@organisation AND kind=@kind AND name=@name AND version=@version",
            new { organisation = organisation.Value, kind = key.Kind.ToString(), name = key.Name, version }), cancellation);
        return found is null ? null : StoredDocument.Read(key.Kind.ToString(), found);
    }

    public async Task<IReadOnlyList<ObjectVersion>> HistoryAsync(OrganisationId organisation, ObjectKey key, CancellationToken cancellation)
    {
        if (!StorableText.CanBeStored(key.Name)) return [];
        var found = await database.ScanAsync(connection => connection.QueryAsync<(long Version, string Document, string By, long At)>("""
            SELECT version, document, changed_by, changed_at FROM object_version
            WHERE organisation=@organisation AND kind=@kind AND name=@name ORDER BY version DESC LIMIT @most
            """, new { organisation = organisation.Value, kind = key.Kind.ToString(), name = key.Name, most = IConfigurationStore.MostVersions }), cancellation);
        return [.. found.Reverse().Select(row => new ObjectVersion(row.Version, StoredDocument.Read(key.Kind.ToString(), row.Document), row.By, row.At))];
    }

    public async Task<SealedSecret?> FindSecretAsync(OrganisationId organisation, string kind, string id, CancellationToken cancellation)
    {
        if (!StorableText.CanBeStored(kind + id)) return null;
        var found = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<(long Version, byte[] Sealed, byte[] Fingerprint, long? StoredAt)>(
            "SELECT version, sealed, fingerprint, stored_at FROM secret WHERE organisation=@organisation AND kind=@kind AND id=@id",
            new { organisation = organisation.Value, kind, id }), cancellation);
        return found.Sealed is null ? null : new SealedSecret(kind, id, found.Version, found.Sealed, found.Fingerprint) { StoredAt = found.StoredAt };
    }

    public async Task<IReadOnlyList<string>> SecretsWithFingerprintAsync(
        OrganisationId organisation, string kind, byte[] fingerprint, CancellationToken cancellation) =>
        [.. await database.ReadAsync(connection => connection.QueryAsync<string>(
            "SELECT id FROM secret WHERE organisation=@organisation AND kind=@kind AND fingerprint=@fingerprint ORDER BY id",
            new { organisation = organisation.Value, kind, fingerprint }), cancellation)];

    private static Task<long> RevisionAsync(DbConnection connection) =>
        connection.QuerySingleAsync<long>("SELECT value FROM counter WHERE name='revision'");

    private static async Task<ConfigurationChanges> ReadSinceAsync(DbConnection connection, long revision)
    {
        var now = await RevisionAsync(connection);
        var objects = new List<(OrganisationId, object)>();
        foreach (var row in await connection.QueryAsync<(string Organisation, string Kind, string Document)>(
            "SELECT organisation, kind, document FROM object WHERE revision > @revision ORDER BY revision, organisation, kind, name", new { revision }))
            objects.Add((new(row.Organisation), StoredDocument.Read(row.Kind, row.Document)));
        foreach (var row in await connection.QueryAsync<(string Organisation, string Kind, string Id, long Version, byte[] Sealed, byte[] Fingerprint, long? StoredAt)>("""
            SELECT organisation, kind, id, version, sealed, fingerprint, stored_at FROM secret
            WHERE revision > @revision ORDER BY revision, organisation, kind, id
            """, new { revision }))
            objects.Add((new(row.Organisation), new SealedSecret(row.Kind, row.Id, row.Version, row.Sealed, row.Fingerprint) { StoredAt = row.StoredAt }));
        objects.AddRange(await RotationsAsync(connection, revision));
        var epochs = await connection.QueryAsync<(string Organisation, string Level, string Target, long NotBefore)>(
            "SELECT organisation, level, target, not_before FROM epoch WHERE revision > @revision ORDER BY revision, organisation, level, target", new { revision });
        return new ConfigurationChanges(now, objects,
            [.. epochs.Select(row => new Epoch(new(row.Organisation), Enum.Parse<RevocationLevel>(row.Level), row.Target, row.NotBefore))]);
    }

    /// <summary>Rotations since the revision. Before the first load nothing is remembered under an old secret, so none are told.</summary>
    private static async Task<IEnumerable<(OrganisationId, object)>> RotationsAsync(DbConnection connection, long revision)
    {
        if (revision < 0) return [];
        var rows = await connection.QueryAsync<(string Organisation, string Id, long At)>("""
            SELECT organisation, id, rotated_at FROM token WHERE rotated_revision > @revision ORDER BY rotated_revision, organisation, id
            """, new { revision });
        return rows.Select(row =>
        {
            var organisation = new OrganisationId(row.Organisation);
            return (organisation, (object)new TokenRotation(organisation, new TokenId(row.Id), row.At));
        });
    }
}

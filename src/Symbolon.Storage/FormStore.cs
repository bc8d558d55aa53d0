using Dapper;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage;

/// <summary>Forms of the console that may be done once: a row each, for as long as somebody can send them again.</summary>
internal sealed class FormStore(StoreWriter writer, TimeProvider clock) : IFormStore
{
    /// <summary>Microseconds for which a row outlives its end.</summary>
    private const long Longer = 3_600_000_000;

    public Task<FormTaking> TakeAsync(OrganisationId organisation, TokenHash form, long until, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // From here on it is not cancelled: a form that was taken must be ended by who took it.
        return writer.RunAsync<FormTaking>(transaction =>
        {
            var connection = transaction.Connection;
            var given = new { organisation = organisation.Value, id = form.ToBytes(), until, past = clock.Microseconds() - Longer };
            connection.Execute("DELETE FROM console_form WHERE expires_at <= @past", given);
            var taken = connection.QuerySingleOrDefault<long?>("""
                INSERT INTO console_form (organisation, id, expires_at) VALUES (@organisation, @id, @until)
                ON CONFLICT DO NOTHING RETURNING expires_at
                """, given);
            if (taken is not null) return (new FormTaking.First(), true);
            var made = connection.QuerySingleOrDefault<string?>("SELECT made FROM console_form WHERE organisation=@organisation AND id=@id", given);
            return (made is null ? new FormTaking.AtWork() : new FormTaking.Done(made), false);
        });
    }

    public Task EndAsync(OrganisationId organisation, TokenHash form, string? made, CancellationToken cancellation) => writer.RunAsync(transaction =>
    {
        var given = new { organisation = organisation.Value, id = form.ToBytes(), made };
        transaction.Connection.Execute(made is null
            ? "DELETE FROM console_form WHERE organisation=@organisation AND id=@id AND made IS NULL"
            : "UPDATE console_form SET made=@made WHERE organisation=@organisation AND id=@id AND made IS NULL", given);
        return (true, true);
    });
}

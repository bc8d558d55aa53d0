using System.Data.Common;
using Dapper;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Storage.Documents;

namespace Symbolon.Storage.Writing;

/// <summary>Writes reviews within the transaction of the change that they are about.</summary>
internal static class ReviewRows
{
    /// <returns>False where the revision that it names is not there any more.</returns>
    public static bool TryPut(DbConnection connection, OrganisationId organisation, Review review) => connection.QuerySingleOrDefault<long?>(review.Revision == 0
        ? """
          INSERT INTO review (organisation, server, number, revision, state, opened_at, expires_at, document)
          VALUES (@organisation, @server, @number, @next, @state, @opened, @expires, @document)
          ON CONFLICT (organisation, server, number) DO NOTHING RETURNING revision
          """
        : """
          UPDATE review SET revision=@next, state=@state, expires_at=@expires, document=@document
          WHERE organisation=@organisation AND server=@server AND number=@number AND revision=@revision RETURNING revision
          """, new
    {
        organisation = organisation.Value, server = StorableText.Require(review.Name.Server.Value, "a server's name"), number = (long)review.Name.Number, revision = review.Revision,
        next = review.Revision + 1, state = review.State.ToText(), opened = review.OpenedAt, expires = review.ExpiresAt, document = StoredDocument.Write(review),
    }) is not null;
}

using System.Data.Common;
using Dapper;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Storage.Documents;

namespace Symbolon.Storage.Authorizations;

/// <summary>Writes one step within the transaction that is open. Each statement names what it expects to find; nothing is read first.</summary>
/// <param name="now">Microseconds since the Unix epoch.</param>
internal sealed class AuthorizationWriter(DbConnection connection, OrganisationId organisation, long now)
{
    private const long Day = 86_400_000_000;
    private const long MostOfClient = 200;
    private const long MostOfPeer = 400;
    private const long MostOfAll = 2_000;
    private const long MostAlike = 50;

    /// <returns>False for a step that did not find what it expected.</returns>
    public bool Write(AuthorizationWrite write) => (write.Pushed is not { } pushed || Take(pushed)) && write switch
    {
        AuthorizationWrite.Push push => Push(push.Request),
        AuthorizationWrite.Grant grant => Grant(grant.Authorization, grant.Code),
        AuthorizationWrite.Again again => Add(again.Code),
        AuthorizationWrite.Refuse => true,
        AuthorizationWrite.Redeem redeem => Redeem(redeem),
        AuthorizationWrite.Rotate rotate => Rotate(rotate),
        AuthorizationWrite.Repeat => true,
        _ => throw new ArgumentException($"Not a step: {write.GetType()}", nameof(write)),
    };

    private bool Push(PushedRequest request)
    {
        connection.Execute("DELETE FROM oauth_pushed WHERE expires_at < @now", new { now });
        return connection.QuerySingleOrDefault<long?>("""
            INSERT INTO oauth_pushed (organisation, request, client, peer, expires_at, parameters)
            SELECT @organisation, @request, @client, @peer, @expires, @parameters
            WHERE (SELECT count(*) FROM oauth_pushed WHERE organisation=@organisation AND client=@client AND peer=@peer AND expires_at > @now) < @ofClient
            AND (@isProved=1 OR ((SELECT count(*) FROM oauth_pushed WHERE organisation=@organisation AND peer=@peer AND expires_at > @now) < @ofPeer
                AND (SELECT count(*) FROM oauth_pushed WHERE organisation=@organisation AND peer <> '' AND expires_at > @now) < @ofAll))
            ON CONFLICT DO NOTHING RETURNING 1
            """, new
        {
            organisation = organisation.Value, request = request.Hash.ToBytes(), client = StorableText.Require(request.Client.Value, "a client's id"),
            expires = request.ExpiresAt, parameters = StorableText.Require(request.Parameters, "the parameters"), now, peer = request.Peer,
            isProved = request.Peer.Length == 0 ? 1L : 0, ofClient = MostOfClient, ofPeer = MostOfPeer, ofAll = MostOfAll,
        }) is not null;
    }

    private bool Take(TokenHash pushed) => connection.QuerySingleOrDefault<long?>(
        "DELETE FROM oauth_pushed WHERE organisation=@organisation AND request=@request AND expires_at > @now RETURNING 1",
        new { organisation = organisation.Value, request = pushed.ToBytes(), now }) is not null;

    private bool Grant(Authorization authorization, AuthorizationCode code)
    {
        connection.Execute("DELETE FROM oauth_authorization WHERE expires_at < @past", new { past = now - Day });
        connection.Execute("DELETE FROM oauth_code WHERE expires_at < @past", new { past = now - Day });
        var row = new
        {
            organisation = organisation.Value, id = authorization.Id.Value, user = authorization.Holder.User!.Value.Value,
            client = StorableText.Require(authorization.Client.Value, "a client's id"), server = authorization.Access.Server.Value,
            created = authorization.CreatedAt, expires = authorization.ExpiresAt, rest = MostAlike - 1,
            document = StoredDocument.Write(authorization with { LastUsedAt = null }),
        };
        connection.Execute("""
            DELETE FROM oauth_authorization WHERE organisation=@organisation AND id IN (
                SELECT id FROM oauth_authorization WHERE organisation=@organisation AND "user"=@user AND client=@client AND server=@server
                ORDER BY created_at DESC, id DESC LIMIT 1000 OFFSET @rest)
            """, row);
        var written = connection.QuerySingleOrDefault<long?>("""
            INSERT INTO oauth_authorization (organisation, id, "user", client, server, created_at, expires_at, document)
            VALUES (@organisation, @id, @user, @client, @server, @created, @expires, @document) ON CONFLICT DO NOTHING RETURNING 1
            """, row);
        return written is not null && Add(code);
    }

    /// <summary>A code of an authorization that is there.</summary>
    private bool Add(AuthorizationCode code)
    {
        connection.Execute("UPDATE oauth_dynamic_client SET is_used=1, expires_at=@end WHERE organisation=@organisation AND id=@id",
            new { organisation = organisation.Value, id = code.Client.Value, end = now + DynamicClientStore.UsedLife });
        return connection.QuerySingleOrDefault<long?>("""
            INSERT INTO oauth_code (organisation, code, family, expires_at, document)
            SELECT organisation, @code, id, @expires, @document FROM oauth_authorization WHERE organisation=@organisation AND id=@family AND expires_at > @now
            ON CONFLICT DO NOTHING RETURNING 1
            """, new
        {
            organisation = organisation.Value, code = code.Hash.ToBytes(), family = code.Authorization.Value, expires = code.ExpiresAt, now,
            document = StoredDocument.Write(code with { UsedAt = null }),
        }) is not null;
    }

    private bool Redeem(AuthorizationWrite.Redeem redeem) => connection.QuerySingleOrDefault<long?>("""
        UPDATE oauth_code SET used_at=@at WHERE organisation=@organisation AND code=@code AND used_at IS NULL AND expires_at > @at RETURNING 1
        """, new { organisation = organisation.Value, code = redeem.Code.ToBytes(), at = redeem.At }) is not null && Add(redeem.First, redeem.At);

    private bool Rotate(AuthorizationWrite.Rotate rotate)
    {
        connection.Execute("DELETE FROM oauth_refresh WHERE expires_at < @past", new { past = now - Day });
        return connection.QuerySingleOrDefault<long?>("""
            UPDATE oauth_refresh SET used_at=@at WHERE organisation=@organisation AND token=@token AND used_at IS NULL AND expires_at > @at RETURNING 1
            """, new { organisation = organisation.Value, token = rotate.Old.ToBytes(), at = rotate.At }) is not null && Add(rotate.Next, rotate.At);
    }

    /// <summary>The newest of the family, which was used at this moment; a family that is gone has none.</summary>
    private bool Add(RefreshToken token, long at) => connection.QuerySingleOrDefault<long?>("""
        UPDATE oauth_authorization SET last_used_at=@at WHERE organisation=@organisation AND id=@family RETURNING 1
        """, new { organisation = organisation.Value, family = token.Authorization.Value, at }) is not null && connection.QuerySingleOrDefault<long?>("""
        INSERT INTO oauth_refresh (organisation, token, family, bound_to, issued_at, expires_at) VALUES (@organisation, @token, @family, @key, @issued, @expires)
        ON CONFLICT DO NOTHING RETURNING 1
        """, new
    {
        organisation = organisation.Value, token = token.Hash.ToBytes(), family = token.Authorization.Value, key = token.Key, issued = token.IssuedAt, expires = token.ExpiresAt,
    }) is not null;
}

using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;

namespace Symbolon.Storage.Reading;

/// <summary>
/// The statement of a token list. The ids of one page are found in an index that has the order and the columns of most filters (migration
/// 0011; by the last use 0018), and only then are their rows read.
/// </summary>
internal static class TokenListSql
{
    private static readonly string[] Names = ["\"user\"", "agent", "workflow"];

    public static string Of(TokenQuery query, bool isContinued, Dialect dialect)
    {
        var key = KeyOf(query.Sort);
        var direction = query.Descending ? "DESC" : "ASC";
        // What one holder has is found by the holder and sorted: in the order of the last use all tokens would be gone through.
        var isSorted = query.Sort == TokenSort.LastUsed && (query.User ?? query.Agent ?? query.Workflow) is not null;
        var order = key is null ? $"id {direction}" : $"{(isSorted ? "+" : "")}{key} {direction}, id {direction}";
        // With the sign no index has this order: else all tokens would be gone through in it, to find the few of the page.
        var again = key is null || isSorted ? order : $"+{order}";
        var where = new List<string> { "organisation=@organisation" };
        where.AddRange(Filters(query, dialect));
        if (isContinued)
        {
            var passed = query.Descending ? "<" : ">";
            where.Add(key is null ? $"id {passed} @id" : $"({key}, id) {passed} (@key, @id)");
        }
        return $"""
            {(query.Revoked || query.LiveAt is not null || query.ExpiredAt is not null ? EndedTokens.Sql : "")} SELECT {TokenStore.Columns} FROM token WHERE organisation=@organisation AND id IN (
                SELECT id FROM token WHERE {string.Join(" AND ", where)} ORDER BY {order} LIMIT @limit)
            ORDER BY {again}
            """;
    }

    private static string? KeyOf(TokenSort sort) => sort switch
    {
        TokenSort.Id => null,
        TokenSort.Expires => "expires_at",
        TokenSort.Issued => "issued_at",
        TokenSort.LastUsed => "coalesce(last_used_at, 0)",
        _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, null),
    };

    private static IEnumerable<string> Filters(TokenQuery query, Dialect dialect)
    {
        // With the sign it is no column of an index that is in another order: the planner would take that one and sort.
        var expires = query.Sort == TokenSort.Expires ? "expires_at" : "+expires_at";
        if (query.User is not null) yield return "\"user\"=@user";
        if (query.Agent is not null) yield return "agent=@agent";
        if (query.Workflow is not null) yield return "workflow=@workflow";
        if (query.Initiator is { } initiator) yield return StartedBy(initiator);
        if (query.Server is not null) yield return $"{OnServer}=@server)";
        if (query.Text is { } text) yield return TokenId.IsValid(text) ? "id=@text" : Containing(query, dialect);
        if (query.LiveAt is not null) yield return $"revoked_at IS NULL AND {expires} > @liveAt AND {EndedTokens.NotEnded}";
        if (query.UnexpiredAt is not null) yield return $"revoked_at IS NULL AND {expires} > @unexpiredAt";
        if (query.ExpiredAt is not null) yield return $"revoked_at IS NULL AND {expires} <= @expiredAt AND {EndedTokens.NotEnded}";
        if (query.ExpiresBefore is not null) yield return $"{expires} < @expiresBefore";
        if (query.Revoked)
            yield return $"(revoked_at IS NOT NULL OR issued_at <= ({EndedTokens.Since}) OR id IN (SELECT id FROM ended UNION {EndedTokens.OnServer}))";
    }

    private const string OnServer = "EXISTS (SELECT 1 FROM token_server AS named WHERE named.organisation=token.organisation AND named.token=token.id AND named.server";

    private static string StartedBy(HolderKind kind) => kind switch
    {
        HolderKind.User => "workflow IS NULL AND agent IS NULL",
        HolderKind.Agent => "workflow IS NULL AND agent IS NOT NULL",
        HolderKind.Workflow => "workflow IS NOT NULL",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static string Containing(TokenQuery query, Dialect dialect)
    {
        var names = Names.Select(column => $"{column} LIKE @pattern {LikePattern.Escape}");
        return $"({string.Join(" OR ", query.TextServers.Count == 0 ? names : names.Append($"{OnServer} {dialect.In("textServers")})"))})";
    }
}

namespace Symbolon.Storage.Reading;

/// <summary>Tokens that ended with their holder. They are looked for from the epochs, which are few, and not from the tokens: SQLite keeps to the order of a CROSS JOIN, and the sign keeps it from the index of times.</summary>
internal static class EndedTokens
{
    /// <summary>A common table expression <c>ended (id)</c> for a statement with the parameter <c>@organisation</c>.</summary>
    public const string Sql = """
        WITH ended AS (
            SELECT token.id FROM epoch CROSS JOIN token
            WHERE token.organisation=epoch.organisation AND token."user"=epoch.target AND epoch.organisation=@organisation AND epoch.level='User' AND +token.issued_at <= epoch.not_before
            UNION SELECT token.id FROM epoch CROSS JOIN token
            WHERE token.organisation=epoch.organisation AND token.agent=epoch.target AND epoch.organisation=@organisation AND epoch.level='Agent' AND +token.issued_at <= epoch.not_before
            UNION SELECT token.id FROM epoch CROSS JOIN token
            WHERE token.organisation=epoch.organisation AND token.workflow=epoch.target AND epoch.organisation=@organisation AND epoch.level='Workflow' AND +token.issued_at <= epoch.not_before)
        """;

    /// <summary>Ids of the tokens that an epoch of one of their servers is aimed at; those with another server go on there.</summary>
    public const string OnServer = """
        SELECT token.id FROM epoch CROSS JOIN token_server AS named CROSS JOIN token
        WHERE named.organisation=epoch.organisation AND named.server=epoch.target AND token.organisation=named.organisation AND token.id=named.token
        AND epoch.organisation=@organisation AND epoch.level='Server' AND +token.issued_at <= epoch.not_before
        """;

    /// <summary>When the organisation's tokens were all revoked, or -1.</summary>
    public const string Since =
        "SELECT coalesce(max(not_before), -1) FROM epoch WHERE organisation=@organisation AND level='Organisation' AND target=@organisation";

    /// <summary>That a token did not end with its holder or organisation; for a statement that begins with <see cref="Sql"/>.</summary>
    public const string NotEnded = $"+issued_at > ({Since}) AND id NOT IN (SELECT id FROM ended)";

    /// <summary>What a token has to be to live, its holder apart; parameters <c>@organisation</c>, <c>@now</c> and <c>@since</c>.</summary>
    public const string Live = "organisation=@organisation AND expires_at > @now AND revoked_at IS NULL AND issued_at > @since";
}

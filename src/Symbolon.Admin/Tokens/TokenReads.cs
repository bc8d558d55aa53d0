using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Tokens;

/// <summary>One page of tokens.</summary>
/// <param name="Next">Cursor of the page behind this one; null where there is none.</param>
internal sealed record TokenList(IReadOnlyList<ListedTokenResponse> Tokens, string? Next);

/// <summary>Reads tokens for the API and the console: what one page shows and no more, however many tokens there are.</summary>
internal sealed class TokenReads(ITokenStore tokens, TokenTools tools, Configuration configuration, TimeProvider clock)
{
    /// <summary>How often a page is read on for rows in the place of those that do not fit; then it may be short.</summary>
    private const int MostRounds = 20;

    /// <param name="limit">1 to 1000. That all its servers were revoked is not marked in a token's row: the page is read on for others.</param>
    public async Task<TokenList> ListAsync(OrganisationId organisation, TokenFilter filter, TokenMark? after, int limit, CancellationToken cancellation)
    {
        var now = clock.Microseconds();
        var query = filter.ToQuery(configuration, organisation, now);
        var fitting = new List<TokenRecord>();
        for (var round = 0; ; round++)
        {
            var found = await tokens.ListAsync(organisation, query, after, limit + 1, cancellation);
            fitting.AddRange(found.Where(token => filter.State is null || TokenResponses.StateOf(token, configuration.Epochs, now) == filter.State));
            var isMore = found.Count > limit;
            if (fitting.Count <= limit && isMore && round < MostRounds)
            {
                after = TokenMark.Of(found[^1], query.Sort);
                continue;
            }
            var page = fitting.Take(limit).ToList();
            // A page that is short all the same goes on behind what was looked at.
            var last = fitting.Count > limit ? page[^1] : isMore ? found[^1] : null;
            return new TokenList(await ShownAsync(page, now, cancellation), last is null ? null : filter.CursorOf(last));
        }
    }

    public async Task<ListedTokenResponse?> FindAsync(OrganisationId organisation, string id, CancellationToken cancellation) =>
        TokenId.IsValid(id) && await tokens.FindAsync(organisation, new TokenId(id), cancellation) is { } token
            ? (await ShownAsync([token], clock.Microseconds(), cancellation))[0]
            : null;

    private async Task<IReadOnlyList<ListedTokenResponse>> ShownAsync(IReadOnlyList<TokenRecord> records, long now, CancellationToken cancellation)
    {
        var named = await tools.ReadAsync(records, cancellation);
        return [.. records.Select(record => new ListedTokenResponse(TokenResponses.Of(record, configuration.Epochs, now), named[record.Id]))];
    }
}

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
    /// <param name="limit">1 to 1000. What an epoch ended is not marked in its row, so a page may show fewer.</param>
    public async Task<TokenList> ListAsync(OrganisationId organisation, TokenFilter filter, TokenMark? after, int limit, CancellationToken cancellation)
    {
        var now = clock.Microseconds();
        var found = await tokens.ListAsync(organisation, filter.ToQuery(configuration, organisation, now), after, limit + 1, cancellation);
        var page = found.Take(limit).ToList();
        var shown = (await ShownAsync(page, now, cancellation)).Where(token => filter.State is null || token.State == filter.State).ToList();
        return new TokenList(shown, found.Count > limit ? filter.CursorOf(page[^1]) : null);
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

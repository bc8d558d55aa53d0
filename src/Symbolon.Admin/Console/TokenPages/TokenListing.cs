using Symbolon.Admin.Tokens;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>One page of tokens, as the API shows them.</summary>
/// <param name="Next">Address of the page behind this one; null where there is none.</param>
public sealed record TokenRows(IReadOnlyList<TokenResponse> Rows, string? Next);

/// <summary>Reads what one page of the list shows and no more, however many tokens there are.</summary>
internal sealed class TokenListing(ITokenStore tokens, Configuration configuration, TimeProvider clock)
{
    public async Task<TokenRows> ReadAsync(OrganisationId organisation, TokenFilter filter, CancellationToken cancellation)
    {
        var now = clock.Microseconds();
        // Somebody who has an id wants that token, whatever its state.
        if (filter.Text is { } id && TokenId.IsValid(id))
            return new TokenRows(await tokens.FindAsync(organisation, new TokenId(id), cancellation) is { } one ? [Shown(one)] : [], null);
        var after = filter.After is { } last ? new TokenId(last) : (TokenId?)null;
        var found = await tokens.ListAsync(organisation, filter.ToQuery(configuration, organisation, now), after, TokenFilter.AtOnce + 1, cancellation);
        var page = found.Take(TokenFilter.AtOnce).ToList();
        // What an epoch killed is not marked in its row, so the store cannot leave it out.
        var rows = page.Select(Shown).Where(token => filter.Ended || token.State == "live").ToList();
        return new TokenRows(rows, found.Count > TokenFilter.AtOnce ? filter.Next(page[^1].Id.Value) : null);

        TokenResponse Shown(TokenRecord token) => TokenResponses.Of(token, configuration.Epochs, now);
    }
}

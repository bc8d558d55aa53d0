using Symbolon.Admin.Tokens;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.TokenPages;

/// <param name="Tools">What it names, of the servers that there are.</param>
public sealed record TokenRow(TokenResponse Token, IReadOnlyList<TokenToolResponse> Tools);

/// <summary>One page of tokens, as the API shows them.</summary>
/// <param name="Next">Address of the page behind this one; null where there is none.</param>
public sealed record TokenRows(IReadOnlyList<TokenRow> Rows, string? Next);

/// <summary>Reads what one page of the list shows and no more, however many tokens there are.</summary>
internal sealed class TokenListing(ITokenStore tokens, TokenTools tools, Configuration configuration, TimeProvider clock)
{
    public async Task<TokenRows> ReadAsync(OrganisationId organisation, TokenFilter filter, CancellationToken cancellation)
    {
        var now = clock.Microseconds();
        // Somebody who has an id wants that token, whatever its state.
        if (filter.Text is { } id && TokenId.IsValid(id))
            return new TokenRows(await tokens.FindAsync(organisation, new TokenId(id), cancellation) is { } one ? await RowsAsync([one]) : [], null);
        var after = filter.After is { } last ? new TokenId(last) : (TokenId?)null;
        var found = await tokens.ListAsync(organisation, filter.ToQuery(configuration, organisation, now), after, TokenFilter.AtOnce + 1, cancellation);
        var page = found.Take(TokenFilter.AtOnce).ToList();
        // What an epoch killed is not marked in its row, so the store cannot leave it out.
        var rows = (await RowsAsync(page)).Where(row => filter.Ended || row.Token.State == "live").ToList();
        return new TokenRows(rows, found.Count > TokenFilter.AtOnce ? filter.Next(page[^1].Id.Value) : null);

        async Task<IReadOnlyList<TokenRow>> RowsAsync(IReadOnlyList<TokenRecord> records)
        {
            var named = await tools.ReadAsync(records, cancellation);
            return [.. records.Select(record => new TokenRow(TokenResponses.Of(record, configuration.Epochs, now), named[record.Id]))];
        }
    }
}

using Symbolon.Admin.Tokens;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>One page of tokens, as the API shows them.</summary>
/// <param name="Next">Address of the page behind this one; null where there is none.</param>
public sealed record TokenRows(IReadOnlyList<ListedTokenResponse> Rows, string? Next);

/// <summary>Reads what one page of the list shows.</summary>
internal sealed class TokenListing(TokenReads tokens, TimeProvider clock)
{
    public async Task<TokenRows> ReadAsync(OrganisationId organisation, TokensAddress address, CancellationToken cancellation)
    {
        // Somebody who has an id wants that token, whatever its state.
        if (address.Text is { } id && TokenId.IsValid(id))
            return new TokenRows(await tokens.FindAsync(organisation, id, cancellation) is { } one ? [one] : [], null);
        var filter = address.ToFilter(clock.Microseconds());
        var after = address.After is { } cursor && filter.TryMark(cursor, out var mark) ? mark : (TokenMark?)null;
        var found = await tokens.ListAsync(organisation, filter, after, TokensAddress.AtOnce, cancellation);
        return new TokenRows(found.Tokens, found.Next is { } next ? (address with { After = next }).Path : null);
    }
}

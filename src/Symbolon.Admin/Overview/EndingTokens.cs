using Symbolon.Admin.Tokens;
using Symbolon.Core.Identity;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Overview;

/// <summary>The live tokens that end first.</summary>
internal sealed class EndingTokens(ITokenStore tokens, EpochTable epochs)
{
    private const int Most = 5;

    /// <summary>What the revocation of all its servers ended is not marked in its row, so more are read than are shown.</summary>
    private const int Looked = 100;

    /// <param name="now">Microseconds, as <paramref name="until"/>.</param>
    public async Task<IReadOnlyList<TokenResponse>> ReadAsync(OrganisationId organisation, long now, long until, CancellationToken cancellation) =>
        [.. (await tokens.NextToEndAsync(organisation, now, until, Looked, cancellation)).Select(token => TokenResponses.Of(token, epochs, now)).Where(token => token.State == "live").Take(Most)];
}

using Symbolon.Admin.Tokens;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>What the page of one token shows.</summary>
/// <param name="First">Null where nothing is waited for: it was used already, or is dead.</param>
/// <param name="Calls">Its last requests, newest first.</param>
/// <param name="Once">Id of the form that rotates it.</param>
public sealed record TokenView(
    TokenResponse Token, IReadOnlyList<TokenToolResponse> Tools, IReadOnlyList<TokenCall> Calls, FirstCall? First, string Once, DateTimeOffset Now);

/// <summary>Reads the page of one token, through the same ports as the API.</summary>
internal sealed class TokenPageReader(ITokenStore tokens, TokenTools tools, FirstCalls first, IAuditStore audit, Configuration configuration, TimeProvider clock)
{
    private const int MostCalls = 20;

    /// <summary>A call has two records, and between calls there are lists.</summary>
    private const int MostRecords = 100;

    /// <summary>How many records are looked at for one that was never let through.</summary>
    private const long Recent = 20_000;

    /// <returns>Null for no such token.</returns>
    public async Task<TokenView?> ReadAsync(OrganisationId organisation, string id, CancellationToken cancellation)
    {
        if (!TokenId.IsValid(id)) return null;
        // Before the token: a call in between is then seen by who waits for it.
        var head = await first.HeadAsync(organisation, cancellation);
        if (await tokens.FindAsync(organisation, new TokenId(id), cancellation) is not { } token) return null;
        var shown = TokenResponses.Of(token, configuration.Epochs, clock.Microseconds());
        var calls = await CallsAsync(token, head, cancellation);
        var waiting = token.LastUsedAt is null && calls.Count == 0 && shown.State == "live" ? new FirstCall(null, head) : null;
        return new TokenView(shown, await tools.ReadAsync(token, cancellation), calls, waiting, Forms.OneTimeForms.NewId(), clock.GetUtcNow());
    }

    private async Task<IReadOnlyList<TokenCall>> CallsAsync(TokenRecord token, long head, CancellationToken cancellation)
    {
        // One that was never let through may have been refused, but nobody searches a long audit for that.
        var query = new AuditQuery { Token = token.Id.Value, From = token.IssuedAt, Lowest = token.LastUsedAt is null ? head - Recent : null };
        var records = await audit.ReadAsync(token.Organisation, query, null, descending: true, MostRecords, cancellation);
        return [.. records.Select(TokenCall.Of).OfType<TokenCall>().Where(call => call.IsCall).Take(MostCalls)];
    }
}

using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>How far a new token has come: nothing yet, its client has connected, or it has called.</summary>
/// <param name="Seen">The first call, else the first request; null: nothing.</param>
/// <param name="Head">Number of the last record that was looked at.</param>
public sealed record FirstCall(TokenCall? Seen, long Head)
{
    public bool IsCalled => Seen is { IsCall: true };

    public string Colour => !IsCalled ? "waiting" : Seen!.Allowed ? "allowed" : "refused";

    public string Title => Seen switch
    {
        null => "Waiting for the first call",
        { IsCall: false } => "Connected. Waiting for the first call",
        { Allowed: true } => "First call received",
        _ => "First call received, and refused",
    };

    public string Text => Seen is null ? "This turns green when it arrives." : Seen.Line + ".";
}

/// <summary>Looks for the first call of a token in the audit, behind the record at which its secret was given out.</summary>
internal sealed class FirstCalls(IAuditStore audit)
{
    private const int AtOnce = 100;

    public async Task<long> HeadAsync(OrganisationId organisation, CancellationToken cancellation) => (await audit.HeadAsync(organisation, cancellation)).Seq;

    /// <param name="known">What was found before; only later records are read.</param>
    public async Task<FirstCall> ReadAsync(OrganisationId organisation, TokenId token, FirstCall known, CancellationToken cancellation)
    {
        var head = await HeadAsync(organisation, cancellation);
        if (known.IsCalled || head <= known.Head) return known;
        var records = await audit.ReadAsync(organisation, new AuditQuery { Token = token.Value }, known.Head, descending: false, AtOnce, cancellation);
        var seen = records.Select(TokenCall.Of).OfType<TokenCall>().ToList();
        return new FirstCall(seen.Find(each => each.IsCall) ?? known.Seen ?? seen.FirstOrDefault(), records.Count < AtOnce ? Math.Max(head, known.Head) : records[^1].Seq);
    }
}

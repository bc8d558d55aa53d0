using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Storage.Databases;

namespace Symbolon.Storage.Writing;

/// <summary>When tokens were last used, written at most every 5 s for each, together with the audit. Writer thread only.</summary>
internal sealed class TokenUses
{
    /// <summary>Microseconds.</summary>
    private const long Interval = 5_000_000;

    private const int MostRemembered = 100_000;
    private readonly Dictionary<(OrganisationId, string), long> written = [];
    private readonly Dictionary<(OrganisationId Organisation, string Token), long> pending = [];

    public void Note(ReadOnlySpan<AuditEvent> batch)
    {
        foreach (var record in batch)
        {
            if (record.Token is not { } token || record.Allowed == false || record.Kind is not (AuditKind.CallIntent or AuditKind.Request)) continue;
            var key = (record.Organisation, token);
            if (!written.TryGetValue(key, out var last) || record.Time - last >= Interval) pending[key] = record.Time;
        }
    }

    /// <summary>Always in the same order, so that two nodes cannot wait for each other's rows.</summary>
    public void CopyTo(List<TokenUse> uses)
    {
        uses.Clear();
        if (pending.Count == 0) return;
        foreach (var (key, at) in pending) uses.Add(new TokenUse(key.Organisation, key.Token, at));
        uses.Sort((a, b) => string.CompareOrdinal(a.Token, b.Token));
    }

    public void Committed()
    {
        if (pending.Count == 0) return;
        if (written.Count > MostRemembered) written.Clear();
        foreach (var (key, at) in pending) written[key] = at;
        pending.Clear();
    }
}

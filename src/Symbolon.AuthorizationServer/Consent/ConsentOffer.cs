using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;

namespace Symbolon.AuthorizationServer.Consent;

/// <summary>Tools, and the resources behind their server that they may be used for; null for no such limit.</summary>
internal sealed record ConsentOffer(IReadOnlyList<ManifestTool> Tools, ResourceSet? Limits)
{
    /// <summary>Whether a consent that was given before covers all of this.</summary>
    public bool IsWithin(Authorization consent) => Tools.All(tool => consent.Access.Tools.Contains(tool.Name)) && (consent.Limits is null || (Limits is not null && consent.Limits.Covers(Limits)));

    /// <summary>Whether a consent that covers this covers nothing else.</summary>
    public bool IsAllOf(Authorization consent) => consent.Access.Tools.Length == Tools.Count && (consent.Limits is null ? Limits is null : Limits?.Covers(consent.Limits) == true);

    /// <summary>Of this what is ticked: limited to what these tools need.</summary>
    /// <returns>Null where nothing of it is ticked.</returns>
    public ConsentOffer? Only(ISet<string> ticked)
    {
        var chosen = Tools.Where(tool => ticked.Contains(tool.Name.Value)).ToList();
        if (chosen.Count == 0) return null;
        if (Limits is null) return this with { Tools = chosen };
        return ScopeDecision.Limit(Limits, chosen).Failed(out _, out var limits) ? null : new ConsentOffer(chosen, limits);
    }
}

using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;

namespace Symbolon.AuthorizationServer.Consent;

/// <summary>Tools, and the resources behind their server that they may be used for; null for no such limit. And whether all prompts and all resources that are granted at a server are with it.</summary>
internal sealed record ConsentOffer(IReadOnlyList<ManifestTool> Tools, ResourceSet? Limits, bool Prompts = false, bool Resources = false)
{
    public bool IsNothing => Tools.Count == 0 && !Prompts && !Resources;

    /// <summary>Whether a consent that was given before covers all of this.</summary>
    public bool IsWithin(Authorization consent) => Tools.All(tool => consent.Access.Tools.Contains(tool.Name))
        && (!Prompts || consent.Access.AllPrompts) && (!Resources || consent.Access.AllResources)
        && (consent.Limits is null || (Limits is not null && consent.Limits.Covers(Limits)));

    /// <summary>Whether a consent that covers this covers nothing else.</summary>
    public bool IsAllOf(Authorization consent) => consent.Access.Tools.Length == Tools.Count && consent.Access.AllPrompts == Prompts && consent.Access.AllResources == Resources
        && (consent.Limits is null ? Limits is null : Limits?.Covers(consent.Limits) == true);

    /// <summary>Of this what is ticked: limited to what these tools need.</summary>
    /// <returns>Null where nothing of it is ticked.</returns>
    public ConsentOffer? Only(ISet<string> ticked)
    {
        var chosen = Tools.Where(tool => ticked.Contains(tool.Name.Value)).ToList();
        var offer = this with { Tools = chosen, Prompts = Prompts && ticked.Contains(ConsentForm.Prompts), Resources = Resources && ticked.Contains(ConsentForm.Resources) };
        if (offer.IsNothing) return null;
        if (Limits is null) return offer;
        return ScopeDecision.Limit(Limits, chosen).Failed(out _, out var limits) ? null : offer with { Limits = limits };
    }
}

using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Policy;

/// <summary>What is alike in every decision about one token on one server.</summary>
/// <param name="Manifest">The approved one.</param>
/// <param name="Demanded">What the organisation demands of tokens.</param>
/// <param name="IsBound">The token is bound to a key, which is proved elsewhere.</param>
/// <param name="Limits">The resources that the token is limited to; null for no such limit.</param>
internal sealed record ReachTerms(ServerManifest Manifest, BindingRule Demanded, bool IsBound, ResourceSet? Limits)
{
    /// <param name="scope">The scope of the token that covers it, or null.</param>
    /// <param name="covering">The live grants that cover it.</param>
    /// <param name="isWithinLimits">Something of it is left under <see cref="Limits"/>.</param>
    /// <param name="needs">The scope that a token would need.</param>
    /// <param name="hidden">The answer where a server conceals what is out of reach.</param>
    public Decision Decide(string? scope, List<GrantObject> covering, Effect effect, bool isWithinLimits, string needs, Decision hidden)
    {
        // A grant that demands a bound token serves no other; another one that covers it still does.
        var grant = (IsBound ? null : covering.Find(each => each.Binding == TokenBinding.Any)) ?? covering.FirstOrDefault();
        return scope is not null && grant is not null && isWithinLimits
            ? Takes(effect) && (IsBound || grant.Binding == TokenBinding.Any) ? new Decision.Allow(scope, grant.Name.Value) : new Decision.Deny(ReasonCode.ProofRequired, needs)
            : Manifest.ConcealTools ? hidden
            : new Decision.Deny(grant is null ? ReasonCode.NotGranted : ReasonCode.InsufficientScope, needs, IsBeyondLimits: grant is not null && scope is not null);
    }

    /// <summary>Neither the server nor the organisation demands another token for this.</summary>
    private bool Takes(Effect effect) => IsBound || !(Demanded.Covers(effect) || Manifest.Binding?.Covers(effect) == true);
}

using System.Collections.Immutable;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Registry;

/// <summary>What a token must be bound to, for those who demand it. DESIGN.md section 4, Files.</summary>
public enum TokenBinding
{
    Any,

    /// <summary>A key that is proved with each request (RFC 9449). Pasted tokens are none such.</summary>
    Dpop,
}

/// <summary>Which calls a server, or the organisation, takes with a bound token alone. Decided at issue and again at each call.</summary>
public sealed record BindingRule
{
    public static readonly BindingRule None = new();

    public TokenBinding Binding { get; init; }

    /// <summary>Only tools of these classes; empty: every request.</summary>
    public ImmutableArray<Effect> Effects { get; init; } = [];

    /// <summary>Whether nothing at all is for a token that is bound to no key.</summary>
    public bool CoversAll() => Binding == TokenBinding.Dpop && Effects.IsDefaultOrEmpty;

    public bool Covers(Effect effect) => Binding == TokenBinding.Dpop && (Effects.IsDefaultOrEmpty || Effects.Contains(effect));
}

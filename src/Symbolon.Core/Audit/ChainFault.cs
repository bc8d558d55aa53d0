namespace Symbolon.Core.Audit;

/// <summary>Why a chain does not verify.</summary>
public enum ChainFaultKind
{
    /// <summary>What is there cannot be read as records, so nothing is proved, for or against.</summary>
    Unreadable,

    /// <summary>Records were changed, taken out, put in or put in another order.</summary>
    Tampered,
}

/// <param name="Record">Which record was looked at, from 1: also the line of an export.</param>
/// <param name="Why">For people; continues "line N: ".</param>
public sealed record ChainFault(ChainFaultKind Kind, long Record, string Why);

using Symbolon.AuthorizationServer.PastedTokens;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>The second step as it is shown.</summary>
/// <param name="Summary">The order in words; null where something is wrong, or nothing ticked yet.</param>
/// <param name="CeilingSeconds">The organisation's.</param>
public sealed record IssueView(IssueForm Form, TokenChoices Choices, Faults Faults, IssueSummary? Summary, long CeilingSeconds)
{
    /// <summary>What is asked for; null where it cannot be read.</summary>
    internal TokenOrder? Order { get; init; }

    /// <summary>Tells the order from every other.</summary>
    internal string? OrderId { get; init; }

    /// <summary>It was filled in by an address that came from elsewhere.</summary>
    internal bool IsProposed { get; init; }

    /// <summary>The sender has seen the sentence of exactly this order.</summary>
    public bool IsReviewed => OrderId is not null && Form.Reviewed == OrderId;

    /// <summary>They saw one of another order.</summary>
    public bool HasChanged => Summary is not null && Form.Reviewed is not null && !IsReviewed;
}

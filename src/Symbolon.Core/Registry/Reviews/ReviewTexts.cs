namespace Symbolon.Core.Registry.Reviews;

/// <summary>The words of reviews in the API, the store and the console.</summary>
public static class ReviewTexts
{
    public static readonly IReadOnlyList<string> States = ["open", "approved", "rejected", "expired", "superseded"];

    public static string ToText(this ReviewState state) => States[(int)state];

    public static string ToText(this ReviewCause cause) => cause switch
    {
        ReviewCause.Registration => "registration",
        ReviewCause.Change => "change",
        ReviewCause.Drift => "drift",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, null),
    };

    public static ReviewState? StateOf(string? text) => text is not null && States.ToList().IndexOf(text) is >= 0 and var index ? (ReviewState)index : null;
}

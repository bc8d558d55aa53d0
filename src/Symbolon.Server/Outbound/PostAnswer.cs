namespace Symbolon.Server.Outbound;

/// <summary>What came of a request of <see cref="GuardedPost"/>.</summary>
internal abstract record PostAnswer
{
    private PostAnswer() { }

    public sealed record Answered(int Status) : PostAnswer;

    /// <param name="Why">For the operator: a few words, nothing that the other side said.</param>
    public sealed record Unanswered(string Why) : PostAnswer;
}

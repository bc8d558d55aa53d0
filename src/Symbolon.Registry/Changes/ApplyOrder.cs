using Symbolon.Core.Registry.Reviews;

namespace Symbolon.Registry.Changes;

/// <summary>How documents are to be applied.</summary>
/// <param name="IsDryRun">Say what would happen, write nothing and record nothing, a refusal neither.</param>
/// <param name="Reason">Why, for the record.</param>
/// <param name="Source">Where the files came from.</param>
public sealed record ApplyOrder(bool IsDryRun = false, string? Reason = null, SourceCommit? Source = null)
{
    /// <summary>Number of the manifest that is taken back to.</summary>
    public int? RollbackTo { get; init; }

    /// <summary>For the record: the reason, and where the files came from.</summary>
    internal string? Recorded => Source is not { } source ? Reason : $"{(Reason is null ? "" : Reason + " ")}({Origin(source)})";

    private static string Origin(SourceCommit source) => (source.Commit, source.Author) switch
    {
        ({ } commit, { } author) => $"commit {commit} by {author}",
        ({ } commit, null) => $"commit {commit}",
        (_, var author) => $"by {author}",
    };
}

using Symbolon.Core.Policy;

namespace Symbolon.Admin.Reasons;

/// <summary>What a reason code means to whoever got it. The same words in every installation: nothing here depends on what exists.</summary>
/// <param name="What">What was refused, and why.</param>
/// <param name="Change">What would change the answer.</param>
/// <param name="Who">Who can give it.</param>
/// <param name="Status">HTTP status, of the 2026-07-28 revision where they differ.</param>
/// <param name="IsResult">On <c>tools/call</c> it is a result marked <c>isError</c>, not a JSON-RPC error.</param>
/// <param name="Rpc">The JSON-RPC error code where the specification has one; else the code's own number is it.</param>
/// <param name="Command">A command that shows more, or gives it.</param>
public sealed record ReasonText(string What, string Change, string Who, int Status, bool IsResult = false, int? Rpc = null, string? Command = null)
{
    /// <summary>Codes that it is confused with.</summary>
    public IReadOnlyList<ReasonCode> Near { get; init; } = [];

    /// <summary>What an agent does best.</summary>
    public string Agents { get; init; } = "Stop here and show this page to a person. Trying again gives the same answer.";
}

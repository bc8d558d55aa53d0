namespace Symbolon.EndToEndTests.Expressions;

/// <summary>Why the other side says something else, and by what it is wrong; or that the specification leaves it open.</summary>
/// <param name="Name">For the counts.</param>
/// <param name="Example">The shortest that shows it; asked with all others, so that no explanation stays that nothing needs.</param>
/// <param name="Is">Narrow: the operation, its operands, and both outcomes.</param>
/// <param name="Why">The section of langdef.md, or the shared test, that says so.</param>
internal sealed record Explanation(string Name, Piece Example, Func<Difference, bool> Is, string Why);

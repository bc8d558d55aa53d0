namespace Symbolon.EndToEndTests.Expressions;

/// <summary>
/// The innermost part of an expression that two implementations see differently: of all that is in it they say the same.
/// </summary>
/// <param name="Operands">What both say of its parts; of a macro, of its range alone.</param>
internal sealed record Difference(Answer Answer, IReadOnlyList<Outcome> Operands)
{
    /// <summary>Enough of a long list or map to find what differs.</summary>
    private const int MostItems = 12;

    public Piece Piece => Answer.Question.Piece;
    public Outcome Ours => Answer.Ours;
    public Outcome Theirs => Answer.Theirs;

    public override string ToString() => Answer.ToString();

    /// <summary>Follows differing answers into their parts, a macro's body with each of its items.</summary>
    /// <returns>The innermost differences below each of them.</returns>
    public static async Task<IReadOnlyDictionary<Answer, List<Difference>>> FindAsync(IEnumerable<Answer> differing)
    {
        var found = new Dictionary<Answer, List<Difference>>();
        var open = differing.Select(answer => (Root: answer, Answer: answer)).ToList();
        foreach (var (root, _) in open) found[root] = [];
        while (open.Count > 0)
        {
            var parts = open.Select(each => each.Answer.Question.Piece.Parts.Take(each.Answer.Question.Piece.IsMacro ? 1 : int.MaxValue).Select(part => each.Answer.Question with { Piece = part }).ToList()).ToList();
            var operands = Split(await Question.AskAsync([.. parts.SelectMany(part => part)]), parts);
            var bodies = open.Select((each, i) => each.Answer.Question.Piece.IsMacro && operands[i][0].IsSame ? BodiesOf(each.Answer.Question, operands[i][0].Ours).ToList() : []).ToList();
            var inside = Split(await Question.AskAsync([.. bodies.SelectMany(body => body)]), bodies);
            var next = new List<(Answer, Answer)>();
            for (var i = 0; i < open.Count; i++)
            {
                var below = operands[i].Concat(inside[i]).Where(answer => !answer.IsSame).ToList();
                if (below.Count == 0) found[open[i].Root].Add(new Difference(open[i].Answer, [.. operands[i].Select(answer => answer.Ours)]));
                else next.AddRange(below.Select(answer => (open[i].Root, answer)));
            }
            open = next;
        }
        return found;
    }

    private static IEnumerable<Question> BodiesOf(Question macro, Outcome range)
    {
        var sort = macro.Piece.Parts[0].Sort;
        var inside = sort.Key ?? sort.Item ?? Sort.Any;
        foreach (var item in range.Items.Take(MostItems))
        {
            var world = new Dictionary<string, Bound>(macro.World) { [macro.Piece.Word] = new Bound(inside, item) };
            foreach (var body in macro.Piece.Parts[1..]) yield return macro with { Piece = body, World = world };
        }
    }

    private static List<List<Answer>> Split(List<Answer> answers, List<List<Question>> asked)
    {
        var at = 0;
        return [.. asked.Select(questions => answers.GetRange((at += questions.Count) - questions.Count, questions.Count))];
    }
}

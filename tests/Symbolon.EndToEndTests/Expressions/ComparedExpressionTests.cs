using Symbolon.Testing;
using Xunit;

namespace Symbolon.EndToEndTests.Expressions;

/// <summary>Ten thousand expressions, evaluated by <c>symbolon policy eval</c> and by npm's @bufbuild/cel: where they differ, the table says why.</summary>
[Trait("area", "cel")]
public sealed class ComparedExpressionTests
{
    private const int Seed = 20261123;

    /// <summary>Differences in a message.</summary>
    private const int MostShown = 60;

    /// <summary>Expressions that one process is asked at once.</summary>
    private const int Batch = 20_000;

    [Fact]
    [Trait("long", LongRun.ComparedExpressions)]
    public async Task Another_implementation_says_the_same_or_the_table_says_why_not()
    {
        var seed = TestSize.Of(Seed, Seed + 1);
        using var run = new LongRun(LongRun.ComparedExpressions, seed);
        var grammar = new ExpressionGrammar(new Random(seed));
        await EveryExplanationIsNeededAsync();
        var explained = Explanations.All.ToDictionary(explanation => explanation.Name, _ => 0L);
        var unexplained = new List<Difference>();
        var (values, errors, differing) = (0, 0, 0);
        var total = TestSize.Of(10_000, 200_000);
        for (var asked = 0; asked < total; asked += Batch)
        {
            var answers = await Question.AskAsync([.. Enumerable.Range(0, Math.Min(Batch, total - asked)).Select(_ => grammar.Next())]);
            values += answers.Count(answer => answer.IsSame && !answer.Ours.IsError);
            errors += answers.Count(answer => answer.IsSame && answer.Ours.IsError);
            foreach (var differences in (await Difference.FindAsync(answers.Where(answer => !answer.IsSame))).Values)
            {
                differing++;
                var names = differences.ToLookup(difference => ExplanationOf(difference)?.Name);
                unexplained.AddRange(names[null]);
                foreach (var name in names.Select(group => group.Key).OfType<string>()) explained[name]++;
            }
        }

        Assert.True(unexplained.Count == 0, $"{unexplained.Count} differences that nothing explains:\n{string.Join('\n', unexplained.OrderBy(difference => difference.Piece.Size).Take(MostShown))}");
        // A comparison in which most is an error, or most differs, would compare little.
        Assert.True(values > total / 2 && differing < total / 5, $"{values} equal values and {differing} differences of {total}");
        run.Count("expressions", total);
        run.Count("equal values", values);
        run.Count("errors on both sides", errors);
        run.Count("differences", differing);
        foreach (var (name, count) in explained) run.Count(name, count);
        run.Pass();
    }

    /// <summary>One that nothing needs would hide the next fault.</summary>
    private static async Task EveryExplanationIsNeededAsync()
    {
        var world = new Dictionary<string, Bound>();
        var examples = await Question.AskAsync([.. Explanations.All.Select(explanation => new Question(explanation.Example, world, IsChecked: true))]);
        var found = await Difference.FindAsync(examples);
        foreach (var (explanation, example) in Explanations.All.Zip(examples))
            Assert.True(!example.IsSame && found[example] is [var only] && ExplanationOf(only) == explanation, $"{explanation.Name} does not explain {example}");
    }

    private static Explanation? ExplanationOf(Difference difference) => Explanations.All.FirstOrDefault(explanation => explanation.Is(difference));
}

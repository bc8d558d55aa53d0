using Symbolon.Cel.Checking;
using Symbolon.Cel.Evaluation;
using Symbolon.Cel.Syntax;
using Symbolon.Cel.Types;
using Symbolon.Cel.Values;

namespace Symbolon.Cel;

/// <summary>An expression that is ready to be evaluated, by many at once.</summary>
public sealed class CelProgram
{
    private readonly IReadOnlyList<CelVariable> variables;
    private readonly CelLimits limits;
    private readonly Expr tree;
    private readonly Step step;
    private readonly int locals;

    internal CelProgram(IReadOnlyList<CelVariable> variables, CelLimits limits, Expr tree, CelType type, Step step, int locals)
    {
        (this.variables, this.limits, this.tree, this.step, this.locals) = (variables, limits, tree, step, locals);
        ResultType = type;
        var walk = new ReferenceWalk(variables);
        References = walk.Of(tree);
        SelectedNames = walk.Names;
    }

    public CelType ResultType { get; }

    /// <summary>What it speaks of; each once.</summary>
    public IReadOnlyList<CelReference> References { get; }

    /// <summary>Members that it selects from what is no path of names from a variable down: an item of a list, what a macro binds.</summary>
    public IReadOnlyCollection<string> SelectedNames { get; }

    /// <returns>The value; an error where there is none, or unknown where it depends on what is not known.</returns>
    public CelValue Evaluate(CelActivation run)
    {
        run.Start(limits.Cost);
        if (run.Locals.Length < locals) run.Locals = new CelValue[locals];
        var value = step(run);
        return run.IsSpent ? CelValue.Of(CelError.Cost) : value;
    }

    /// <summary>Whether a condition can be true for no values at all, as far as can be told from itself and the declared members. What it calls so is so; not all that is so is found.</summary>
    /// <returns>Why; null where it may be true.</returns>
    public string? WhyNeverTrue() => new Impossible(variables).Why(tree);
}

/// <summary>A variable that an expression speaks of, and the members below it that are named: <c>args</c>, <c>amount</c>.</summary>
public sealed record CelReference(string Variable, IReadOnlyList<string> Path)
{
    public override string ToString() => string.Join('.', [Variable, .. Path]);
}

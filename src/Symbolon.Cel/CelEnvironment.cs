using System.Diagnostics.CodeAnalysis;
using Symbolon.Cel.Checking;
using Symbolon.Cel.Evaluation;
using Symbolon.Cel.Syntax;
using Symbolon.Cel.Types;

namespace Symbolon.Cel;

/// <summary>What expressions may speak of: variables with their types, and the names around them. Does not change; may be used by many at once.</summary>
/// <param name="variables">In an order that activations follow. No two have one name.</param>
public sealed class CelEnvironment(IReadOnlyList<CelVariable> variables)
{
    public IReadOnlyList<CelVariable> Variables { get; } = variables;

    /// <summary>The name in which others are looked for first: <c>com.example</c>.</summary>
    public string Container { get; init; } = "";

    public CelLimits Limits { get; init; } = CelLimits.Default;

    /// <summary>Without, <c>has</c>, <c>all</c> and their like are functions that nobody declares.</summary>
    public bool WithMacros { get; init; } = true;

    /// <summary>Without, types are found out while an expression is evaluated, and so are names that stand for nothing.</summary>
    public bool WithChecks { get; init; } = true;

    /// <exception cref="CelException">It is none; with all that is wrong.</exception>
    public CelProgram Compile(string expression) => TryCompile(expression, out var program, out var issues) ? program : throw new CelException(issues);

    public bool TryCompile(string expression, [NotNullWhen(true)] out CelProgram? program, out IReadOnlyList<CelIssue> issues)
    {
        program = null;
        try
        {
            var tree = Parser.Parse(expression, Limits, WithMacros);
            var binder = new Binder(Variables, Container);
            binder.Bind(tree);
            var checker = new Checker(Variables, expression);
            var type = WithChecks ? checker.Check(tree) : CelType.Dyn;
            issues = checker.Issues;
            if (issues.Count > 0) return false;
            program = new CelProgram(Variables, Limits, tree, type, new Compiler().Compile(tree), binder.MostLocals);
            return true;
        }
        catch (SyntaxFault fault)
        {
            issues = [fault.In(expression)];
            return false;
        }
    }
}

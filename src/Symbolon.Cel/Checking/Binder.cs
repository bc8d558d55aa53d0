using Symbolon.Cel.Functions;
using Symbolon.Cel.Syntax;
using Symbolon.Cel.Types;

namespace Symbolon.Cel.Checking;

/// <summary>Finds what names stand for: a variable of a macro around them, else in the container and those around it, the longest name first. langdef.md, Name Resolution.</summary>
internal sealed class Binder
{
    private readonly Dictionary<string, int> variables;
    private readonly string[] containers;
    private readonly List<string> locals = [];

    public Binder(IReadOnlyList<CelVariable> variables, string container)
    {
        this.variables = variables.Select((variable, i) => (variable.Name, i)).ToDictionary(each => each.Name, each => each.i, StringComparer.Ordinal);
        containers = [.. Around(container)];
    }

    /// <summary>Room for variables of macros that one evaluation needs.</summary>
    public int MostLocals { get; private set; }

    public void Bind(Expr expression)
    {
        switch (expression)
        {
            case NameExpr name:
                name.Meaning = MeaningOf(name);
                break;
            case SelectExpr select:
                if (!select.IsTest && !select.IsOptional && QualifiedName(select) is var (text, isRooted)) select.Meaning = Find(text, isRooted);
                if (select.Meaning is null) Bind(select.Operand);
                break;
            case CallExpr call:
                Bind(call);
                break;
            case LoopExpr loop:
                Bind(loop.Range);
                loop.Slot = locals.Count;
                locals.Add(loop.First);
                if (loop.Second is { } second) locals.Add(second);
                Below([.. loop.Filter is null ? [] : new[] { loop.Filter }, loop.Body], loop.Slot);
                break;
            case BindExpr bind:
                Bind(bind.Value);
                bind.Slot = locals.Count;
                locals.Add(bind.Name);
                Below([bind.Body], bind.Slot);
                break;
            default:
                foreach (var part in Heights.PartsOf(expression)) Bind(part);
                break;
        }
    }

    private void Below(Expr[] parts, int slot)
    {
        MostLocals = Math.Max(MostLocals, locals.Count);
        foreach (var part in parts) Bind(part);
        locals.RemoveRange(slot, locals.Count - slot);
    }

    private void Bind(CallExpr call)
    {
        if (call.Target is { } target)
        {
            call.Resolved = QualifiedName(target) is var (text, isRooted) ? FunctionNamed($"{text}.{call.Function}", isRooted) : null;
            if (call.Resolved is null)
            {
                call.IsMember = true;
                call.Operands = [target, .. call.Arguments];
                if (FunctionTable.Find(call.Function)?.IsWritten(asMember: true) == true) call.Resolved = call.Function;
            }
        }
        else
        {
            call.Resolved = call.Function is Operators.And or Operators.Or or Operators.Conditional ? call.Function : FunctionNamed(call.Function.TrimStart('.'), call.Function[0] == '.');
        }
        foreach (var operand in call.Operands) Bind(operand);
    }

    private string? FunctionNamed(string name, bool isRooted) =>
        Candidates(name, isRooted).FirstOrDefault(candidate => FunctionTable.Find(candidate)?.IsWritten(asMember: false) == true);

    /// <returns>Null for what is no chain of names, or begins with a variable of a macro.</returns>
    private (string Text, bool IsRooted)? QualifiedName(Expr expression) => expression switch
    {
        NameExpr name when name.IsRooted || locals.LastIndexOf(name.Name) < 0 => (name.Name, name.IsRooted),
        SelectExpr { IsTest: false, IsOptional: false } select when QualifiedName(select.Operand) is var (before, isRooted) => ($"{before}.{select.Member}", isRooted),
        _ => null,
    };

    private Meaning? MeaningOf(NameExpr name) =>
        !name.IsRooted && locals.LastIndexOf(name.Name) is var slot and >= 0 ? new Meaning.Local(slot) : Find(name.Name, name.IsRooted);

    private Meaning? Find(string name, bool isRooted)
    {
        foreach (var candidate in Candidates(name, isRooted))
        {
            if (variables.TryGetValue(candidate, out var index)) return new Meaning.Variable(index);
            if (TypeNames.Find(candidate) is not null) return new Meaning.TypeValue(candidate);
        }
        return null;
    }

    private IEnumerable<string> Candidates(string name, bool isRooted) => isRooted ? [name] : [.. containers.Select(container => $"{container}.{name}"), name];

    private static IEnumerable<string> Around(string container)
    {
        while (container.Length > 0)
        {
            yield return container;
            container = container.LastIndexOf('.') is var dot and >= 0 ? container[..dot] : "";
        }
    }
}

using Symbolon.Cel;

namespace Symbolon.Core.Policy.Rules;

/// <summary>Members of arguments that rules name: nothing that another reader could take for one of them may stand where it could.</summary>
public sealed class ArgumentNames
{
    private ArgumentNames(IEnumerable<string> outer, IEnumerable<string> inner, bool isOfAll) =>
        (Outer, Inner, IsOfAll) = (new FoldedNames(outer), new FoldedNames(inner), isOfAll);

    /// <summary>Of the arguments themselves.</summary>
    public FoldedNames Outer { get; }

    /// <summary>At any depth inside of an argument that rules name.</summary>
    public FoldedNames Inner { get; }

    /// <summary>Some rule looks at all arguments, whatever their names: the inner names hold inside of each.</summary>
    public bool IsOfAll { get; }

    public bool IsEmpty => Outer.IsEmpty && !(IsOfAll && !Inner.IsEmpty);

    internal static ArgumentNames Of(IReadOnlyCollection<CelProgram> programs)
    {
        var paths = programs.SelectMany(program => program.References).Where(reference => reference.Variable == "args").Select(reference => reference.Path).ToList();
        return new ArgumentNames(paths.SelectMany(path => path.Take(1)), paths.SelectMany(path => path.Skip(1)).Concat(programs.SelectMany(program => program.SelectedNames)), paths.Exists(path => path.Count == 0));
    }
}

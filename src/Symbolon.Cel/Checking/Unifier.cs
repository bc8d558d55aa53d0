using Symbolon.Cel.Types;

namespace Symbolon.Cel.Checking;

/// <summary>What is known of type variables, and whether a value of one type may stand where another is wanted. langdef.md, Gradual Type Checking.</summary>
internal sealed class Unifier
{
    private Dictionary<string, CelType> known = new(StringComparer.Ordinal);
    private int made;

    public CelType Fresh() => CelType.VariableNamed($"#{++made}");

    /// <summary>The overload with variables of its own.</summary>
    public CelSignature Fresh(CelSignature signature)
    {
        var names = new Dictionary<string, CelType>(StringComparer.Ordinal);
        return signature with { Parameters = [.. signature.Parameters.Select(Renamed)], Result = Renamed(signature.Result) };

        CelType Renamed(CelType type) => type.Kind == CelTypeKind.Variable
            ? names.TryGetValue(type.Variable!, out var found) ? found : names[type.Variable!] = Fresh()
            : type.Parameters.Count == 0 ? type : type.With([.. type.Parameters.Select(Renamed)]);
    }

    /// <summary>All variables put in that are known; with <paramref name="final"/> the others are dyn.</summary>
    public CelType Resolve(CelType type, bool final = false)
    {
        while (type.Kind == CelTypeKind.Variable && known.TryGetValue(type.Variable!, out var found)) type = found;
        if (type.Kind == CelTypeKind.Variable) return final ? CelType.Dyn : type;
        return type.Parameters.Count == 0 ? type : type.With([.. type.Parameters.Select(parameter => Resolve(parameter, final))]);
    }

    /// <summary>Tries all of them together; what is learnt is kept only where all fit.</summary>
    public bool TryAssign(IReadOnlyList<CelType> wanted, IReadOnlyList<CelType> given)
    {
        if (wanted.Count != given.Count) return false;
        var before = new Dictionary<string, CelType>(known, StringComparer.Ordinal);
        for (var i = 0; i < wanted.Count; i++)
        {
            if (Fits(wanted[i], given[i])) continue;
            known = before;
            return false;
        }
        return true;
    }

    private bool Fits(CelType wanted, CelType given)
    {
        wanted = Shallow(wanted);
        given = Shallow(given);
        if (wanted.Kind == CelTypeKind.Variable) return BindVariable(wanted, given);
        if (given.Kind == CelTypeKind.Variable) return BindVariable(given, wanted);
        if (wanted.Kind == CelTypeKind.Dyn || given.Kind == CelTypeKind.Dyn) return true;
        if (given.Kind == CelTypeKind.Null && wanted.Kind is CelTypeKind.Timestamp or CelTypeKind.Duration) return true;
        if (IsRecord(wanted) || IsRecord(given)) return FitRecord(wanted, given);
        if (wanted.Kind != given.Kind) return false;
        if (wanted.Kind == CelTypeKind.Type) return true;
        for (var i = 0; i < wanted.Parameters.Count; i++)
            if (!Fits(wanted.Parameters[i], given.Parameters[i])) return false;
        return true;
    }

    private CelType Shallow(CelType type)
    {
        while (type.Kind == CelTypeKind.Variable && known.TryGetValue(type.Variable!, out var found)) type = found;
        return type;
    }

    private bool BindVariable(CelType variable, CelType type)
    {
        if (type.Kind == CelTypeKind.Variable && type.Variable == variable.Variable) return true;
        if (Mentions(type, variable.Variable!)) return false;
        known[variable.Variable!] = type;
        return true;
    }

    private bool Mentions(CelType type, string variable)
    {
        type = Shallow(type);
        return type.Kind == CelTypeKind.Variable ? type.Variable == variable : type.Parameters.Any(parameter => Mentions(parameter, variable));
    }

    private static bool IsRecord(CelType type) => type.Kind == CelTypeKind.Record;

    /// <summary>A record is a map of names to whatever.</summary>
    private bool FitRecord(CelType wanted, CelType given)
    {
        if (IsRecord(wanted) && IsRecord(given)) return true;
        var other = IsRecord(wanted) ? given : wanted;
        return other.Kind == CelTypeKind.Map && Fits(other.Parameters[0], CelType.String) && Fits(other.Parameters[1], CelType.Dyn);
    }

    /// <summary>What both are: the same where they fit, else dyn.</summary>
    public CelType Join(CelType a, CelType b)
    {
        if (!TryAssign([a], [b])) return CelType.Dyn;
        var (x, y) = (Resolve(a), Resolve(b));
        return x.Kind == CelTypeKind.Dyn || y.Kind == CelTypeKind.Dyn ? CelType.Dyn
            : x.Kind == CelTypeKind.Null ? y
            : x.Parameters.Count == 0 || x.Parameters.Count != y.Parameters.Count ? x
            : x.With([.. x.Parameters.Zip(y.Parameters, Join)]);
    }
}

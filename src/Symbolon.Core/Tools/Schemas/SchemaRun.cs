using Symbolon.Core.Tools.Schemas.Patterns;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas;

/// <summary>
/// One value on its way through a schema. It keeps count of the work, and where the first keyword that did not hold was met. Some findings stop it whatever
/// the rest says, an alternative or a <c>not</c> included.
/// </summary>
internal sealed class SchemaRun(long work, bool hasDynamicScopes)
{
    private readonly List<SchemaResource>? scopes = hasDynamicScopes ? [] : null;
    private List<string>? path;
    private long work = work;
    private int open, trials;
    private (string Demand, string Rule)? failure;

    /// <summary>Nothing that follows can make the value allowed.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Parts of the value at hand that were evaluated; null where nobody asks.</summary>
    public EvaluatedParts? Seen { get; set; }

    public SchemaViolation Violation
    {
        get
        {
            var (demand, rule) = failure ?? throw new InvalidOperationException("Nothing was violated.");
            // Gathered from the inside out.
            var text = string.Concat(path?.AsEnumerable().Reverse() ?? []);
            return new SchemaViolation(text.StartsWith('.') ? text[1..] : text, demand, rule);
        }
    }

    public bool Enter()
    {
        open++;
        return open <= SchemaBounds.MostOpen ? Spend(1) : StopAtWork();
    }

    public void Leave() => open--;

    /// <returns>False when the work is used up; then the run has stopped.</returns>
    public bool Spend(long steps) => !IsStopped && ((work -= steps) >= 0 || StopAtWork());

    /// <summary>Counts a walk over all of a value: brackets and commas are passed over one by one, a text by the vector.</summary>
    public bool Pass(JsonValue value) => Spend(1 + value.Length / (value.Kind is JsonKind.Object or JsonKind.Array ? 8 : 32));

    /// <summary>Whether a pattern matches, which counts its own steps.</summary>
    /// <returns>False when the run has stopped.</returns>
    public bool TryMatch(Pattern pattern, ReadOnlySpan<byte> utf8, out bool matches)
    {
        matches = pattern.Matches(utf8, ref work);
        return Spend(0);
    }

    /// <returns>False, for <paramref name="keyword"/> to return.</returns>
    public bool Fail(Keyword keyword)
    {
        if (!IsStopped && trials == 0) failure = (keyword.Demand, keyword.Path);
        return false;
    }

    /// <summary>For what is wrong with one member of the value.</summary>
    public bool Fail(Keyword keyword, string member)
    {
        if (IsStopped || trials > 0) return false;
        failure = (keyword.Demand, keyword.Path);
        Add(member);
        return false;
    }

    /// <summary>Whether a part of the value holds, whose own parts count for itself.</summary>
    public bool Holds(SchemaNode schema, JsonMember member)
    {
        if (HoldsPart(schema, member.Value)) return true;
        if (IsTold) Add(member.Name);
        return false;
    }

    public bool Holds(SchemaNode schema, JsonValue item, int index)
    {
        if (HoldsPart(schema, item)) return true;
        if (IsTold) (path ??= []).Add($"[{index}]");
        return false;
    }

    /// <summary>Whether one alternative holds: a failure is no verdict, and what it has seen counts only if it holds.</summary>
    public bool Try(SchemaNode schema, JsonValue value)
    {
        var around = Seen;
        if (around is not null) Seen = new EvaluatedParts();
        trials++;
        var holds = schema.Holds(value, this);
        trials--;
        if (holds) around?.Add(Seen!);
        Seen = around;
        return holds;
    }

    /// <summary>Whether an item matches, by itself.</summary>
    public bool TryPart(SchemaNode schema, JsonValue part)
    {
        trials++;
        var holds = HoldsPart(schema, part);
        trials--;
        return holds;
    }

    /// <returns>False, and the run has stopped, for a number that nobody could compare.</returns>
    public bool TryRead(Keyword keyword, JsonValue number, out ExactNumber read) =>
        ExactNumber.TryRead(number.Raw, out read) || Stop("must be a number that an int64 or a double carries exactly", keyword.Path);

    public bool StopAtImitation(string name) =>
        Stop($"has a member that is taken for '{PathText.Shown(name)}' by readers without regard to case; spell it exactly", "");

    public bool OpenScope(SchemaResource resource)
    {
        if (scopes is null || (scopes.Count > 0 && scopes[^1] == resource)) return false;
        scopes.Add(resource);
        return true;
    }

    public void CloseScope() => scopes!.RemoveAt(scopes.Count - 1);

    /// <summary>The outermost schema in scope with this dynamic anchor.</summary>
    public SchemaNode? FindDynamic(string anchor)
    {
        foreach (var scope in scopes!)
            if (scope.DynamicAnchors.TryGetValue(anchor, out var found)) return found;
        return null;
    }

    private bool IsTold => IsStopped || trials == 0;

    private bool HoldsPart(SchemaNode schema, JsonValue part)
    {
        var around = Seen;
        Seen = null;
        var holds = schema.Holds(part, this);
        Seen = around;
        return holds;
    }

    private bool StopAtWork() => Stop("is too large to be checked against the constraint", "");

    private bool Stop(string demand, string rule)
    {
        if (IsStopped) return false;
        (IsStopped, failure) = (true, (demand, rule));
        return false;
    }

    private void Add(string member) => (path ??= []).Add('.' + PathText.Shown(member));
}

using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Mcp;

/// <summary>
/// Reads from an <c>inputSchema</c> (JSON Schema 2020-12) which names are declared where: at every depth, in items and alternatives, with
/// references into the schema followed. A schema that cannot be followed, by its size or by a reference that leads nowhere, declares
/// each of its names everywhere: that refuses too much rather than too little.
/// </summary>
internal ref struct SchemaNames
{
    private const int MostPlaces = 1000;

    /// <summary>How often the schema may be passed over; each name of another part of it costs one pass.</summary>
    private const int MostPasses = 200;

    private readonly ReadOnlySpan<byte> text;
    private readonly Dictionary<string, DeclaredArguments> places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Slice?> references = new(StringComparer.Ordinal);
    private DeclaredArguments? everywhere;
    private long budget;

    private SchemaNames(ReadOnlySpan<byte> text)
    {
        this.text = text;
        budget = (long)MostPasses * text.Length;
    }

    /// <param name="schema">Accepted by the strict scan.</param>
    public static DeclaredArguments Of(JsonValue schema)
    {
        var names = new SchemaNames(schema.Raw);
        return names.Place([new Slice(0, schema.Length)]) ?? DeclaredArguments.None;
    }

    /// <param name="schemas">All that hold for one place.</param>
    /// <returns>Null where nothing is declared.</returns>
    private DeclaredArguments? Place(List<Slice> schemas)
    {
        var holding = new SortedDictionary<int, Slice>();
        foreach (var schema in schemas)
            if (!Join(schema, holding)) return Everywhere();
        if (holding.Count == 0) return null;
        var key = string.Join(',', holding.Keys);
        if (places.TryGetValue(key, out var known)) return known;
        if (places.Count == MostPlaces) return Everywhere();

        var declared = new SchemaMembers();
        foreach (var schema in holding.Values) declared.Read(At(schema), schema.Offset);
        if (declared.IsEmpty) return null;
        var place = places[key] = new DeclaredArguments();
        var members = new List<(string, DeclaredArguments?)>();
        foreach (var (name, inside) in declared.Named) members.Add((name, Place([.. inside, .. declared.Patterns])));
        place.Fill(members, Place([.. declared.Others, .. declared.Patterns]), Place(declared.Items));
        return place;
    }

    /// <summary>Adds a schema and those that it joins to it for the same place.</summary>
    /// <returns>False when it cannot be followed.</returns>
    private bool Join(Slice schema, SortedDictionary<int, Slice> holding)
    {
        if (At(schema).Kind != JsonKind.Object || !holding.TryAdd(schema.Offset, schema)) return true;
        if ((budget -= schema.Length) < 0) return false;
        foreach (var member in At(schema).Members)
        {
            var value = new Slice(schema.Offset + member.Value.Offset, member.Value.Length);
            switch (member.Name)
            {
                case "$ref" or "$dynamicRef" or "$recursiveRef":
                    if (!member.Value.TryGetString(out var reference) || Find(reference) is not { } target || !Join(target, holding)) return false;
                    break;
                case "allOf" or "anyOf" or "oneOf":
                    foreach (var item in member.Value.Items)
                        if (!Join(new Slice(schema.Offset + item.Offset, item.Length), holding)) return false;
                    break;
                case "dependentSchemas" or "dependencies":
                    foreach (var dependent in member.Value.Members)
                        if (!Join(new Slice(schema.Offset + dependent.Value.Offset, dependent.Value.Length), holding)) return false;
                    break;
                case "if" or "then" or "else":
                    if (!Join(value, holding)) return false;
                    break;
            }
        }
        return true;
    }

    /// <summary>RFC 6901 in a fragment; anchors and other documents are not found.</summary>
    private Slice? Find(string reference)
    {
        if (!references.TryGetValue(reference, out var found)) references[reference] = found = Follow(reference);
        return found;
    }

    private Slice? Follow(string reference)
    {
        var at = new Slice(0, text.Length);
        if (reference == "#") return at;
        if (!reference.StartsWith("#/", StringComparison.Ordinal) || (budget -= text.Length) < 0) return null;
        foreach (var step in Uri.UnescapeDataString(reference[2..]).Split('/'))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (Step(at, name) is not { } next) return null;
            at = next;
        }
        return at;
    }

    private readonly Slice? Step(Slice from, string name)
    {
        foreach (var member in At(from).Members)
            if (member.Name == name) return new Slice(from.Offset + member.Value.Offset, member.Value.Length);
        var index = 0;
        foreach (var item in At(from).Items)
            if (index++.ToString(System.Globalization.CultureInfo.InvariantCulture) == name) return new Slice(from.Offset + item.Offset, item.Length);
        return null;
    }

    private DeclaredArguments Everywhere()
    {
        if (everywhere is not null) return everywhere;
        everywhere = new DeclaredArguments();
        var names = new HashSet<string>(StringComparer.Ordinal);
        Gather(JsonValue.Root(text), names);
        var place = everywhere;
        place.Fill(names.Select(name => (name, (DeclaredArguments?)place)), place, place);
        return place;
    }

    private static void Gather(JsonValue value, HashSet<string> names)
    {
        foreach (var member in value.Members)
        {
            if (member.NameEquals("properties"u8))
                foreach (var property in member.Value.Members) names.Add(property.Name);
            Gather(member.Value, names);
        }
        foreach (var item in value.Items) Gather(item, names);
    }

    private readonly JsonValue At(Slice schema) => JsonValue.Root(text.Slice(schema.Offset, schema.Length));
}

using System.Text.Json;
using Symbolon.Core.Tools.Schemas.Keywords;

namespace Symbolon.Core.Tools.Schemas;

/// <summary>Reads a schema into its nodes, tells all that is wrong with it, and then joins references to what they lead to.</summary>
internal sealed class SchemaCompiler(SchemaRules rules)
{
    private const string Draft2020 = "https://json-schema.org/draft/2020-12/schema";

    private readonly List<SchemaFault> faults = [];
    private readonly SchemaAddresses addresses = new();
    private readonly List<ReferenceKeyword> references = [];

    public IReadOnlyList<SchemaFault> Faults => faults;

    public bool IsStrict => rules == SchemaRules.Constraints;

    public bool HasDynamicScopes { get; private set; }

    public void Fault(string path, string message) => faults.Add(new SchemaFault(path, message));

    public SchemaNode? Compile(JsonElement schema)
    {
        if (DepthFault(schema) is { } fault)
        {
            Fault("", fault);
            return null;
        }
        var root = Read(schema, "", "", addresses.Open(null, "", null, out _)!);
        foreach (var reference in references)
            if (reference.Join(addresses) is { } wrong) Fault(reference.Path, wrong);
        HasDynamicScopes = references.Exists(reference => reference.IsDynamic);
        if (faults.Count == 0 && SchemaLoops.Find(addresses.Schemas) is { } loop) Fault(loop, $"leads back to itself without a step into the value, or through more than {SchemaBounds.MostOpen} schemas");
        return faults.Count == 0 ? root : null;
    }

    /// <param name="around">The resource that the schema stands in; its own, where it is the document.</param>
    public SchemaNode Read(JsonElement schema, string path, string pointer, SchemaResource around)
    {
        var node = new SchemaNode(path, pointer, schema.ValueKind == JsonValueKind.Object ? ResourceOf(schema, path, pointer, around) : around);
        addresses.Add(node);
        if (addresses.Schemas.Count > SchemaBounds.MostSchemas)
        {
            // Said once: from here on nothing is read any more.
            if (addresses.Schemas.Count == SchemaBounds.MostSchemas + 1) Fault(path, $"is one schema too many; there may be {SchemaBounds.MostSchemas}");
            return node;
        }
        switch (schema.ValueKind)
        {
            case JsonValueKind.True: break;
            case JsonValueKind.False: node.Fill([new NothingKeyword(path)], null, hasLeftOvers: false); break;
            case JsonValueKind.Object: ReadKeywords(new SchemaPart(schema, node, this)); break;
            default: Fault(path, "must be a schema: an object, true or false"); break;
        }
        return node;
    }

    private void ReadKeywords(SchemaPart part)
    {
        CheckNames(part);
        if (part.Text("$schema") is { } draft && draft.TrimEnd('#') != Draft2020) part.Fault("$schema", $"must be {Draft2020}");
        AddAnchor(part, "$anchor", part.Node.Resource.Anchors);
        AddAnchor(part, "$dynamicAnchor", part.Node.Resource.Anchors);
        AddAnchor(part, "$dynamicAnchor", part.Node.Resource.DynamicAnchors);
        part.Map("$defs");
        var found = new List<Keyword>();
        found.AddRange(AssertionReader.Read(part));
        var joined = ReferenceReader.Read(part).ToList();
        references.AddRange(joined);
        found.AddRange(joined);
        found.AddRange(ApplicatorReader.Read(part));
        var leftOvers = ApplicatorReader.ReadLeftOvers(part).ToList();
        part.Node.Fill(found.Concat(leftOvers), IsStrict ? NamesOf(part) : null, leftOvers.Count > 0);
    }

    private void CheckNames(SchemaPart part)
    {
        foreach (var name in part.Names)
            if (IsStrict && KeywordNames.WhyNot(name) is { } why) part.Fault(name, why);
        foreach (var (name, partner) in KeywordNames.Partners)
            if (IsStrict && part.Has(name) && !part.Has(partner)) part.Fault(name, $"asserts nothing without {partner}");
        if (IsStrict && part.Has("if") && !part.Has("then") && !part.Has("else")) part.Fault("if", "asserts nothing without then or else");
    }

    private SchemaResource ResourceOf(JsonElement schema, string path, string pointer, SchemaResource around)
    {
        if (!schema.TryGetProperty("$id", out var id)) return around;
        var fault = "must be a text";
        if (id.ValueKind == JsonValueKind.String && addresses.Open(id.GetString()!, pointer, around, out fault) is { } own) return own;
        Fault(PathText.Join(path, "$id"), fault!);
        return around;
    }

    private static void AddAnchor(SchemaPart part, string keyword, Dictionary<string, SchemaNode> anchors)
    {
        if (part.Text(keyword) is not { } name) return;
        if (name.Length == 0 || !(char.IsAsciiLetter(name[0]) || name[0] == '_') || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
            part.Fault(keyword, "must be a letter or _, then letters, digits, -, _ and .");
        else if (!anchors.TryAdd(name, part.Node) && anchors[name] != part.Node)
            part.Fault(keyword, "is the anchor of another schema, too");
    }

    private static MemberNames? NamesOf(SchemaPart part)
    {
        var names = KeywordNames.NamedBy(part).Distinct(StringComparer.Ordinal).ToList();
        return names.Count == 0 ? null : new MemberNames(names);
    }

    /// <summary>Asked first, since the schema is read by recursion.</summary>
    private static string? DepthFault(JsonElement schema)
    {
        return Depth(schema, 0) > SchemaBounds.MostDepth ? $"must not be nested deeper than {SchemaBounds.MostDepth} levels" : null;

        static int Depth(JsonElement value, int around) => around > SchemaBounds.MostDepth ? around : value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().Select(member => Depth(member.Value, around + 1)).DefaultIfEmpty(around + 1).Max(),
            JsonValueKind.Array => value.EnumerateArray().Select(item => Depth(item, around + 1)).DefaultIfEmpty(around + 1).Max(),
            _ => around,
        };
    }
}

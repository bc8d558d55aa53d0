using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas;

/// <summary>One schema: its keywords, the cheap ones first, those that look at what the others left over last.</summary>
internal sealed class SchemaNode(string path, string pointer, SchemaResource resource)
{
    private Keyword[] keywords = [];
    private MemberNames? names;
    private bool hasLeftOvers;

    public string Path => path;

    /// <summary>Its place in the document, RFC 6901.</summary>
    public string Pointer => pointer;

    public SchemaResource Resource => resource;

    public IEnumerable<SchemaNode> OfSameValue => keywords.SelectMany(keyword => keyword.OfSameValue);

    /// <param name="names">Members that are named here, which no other may imitate; null where that is no matter.</param>
    /// <param name="hasLeftOvers">Whether a keyword asks for what was not evaluated.</param>
    public void Fill(IEnumerable<Keyword> keywords, MemberNames? names, bool hasLeftOvers) =>
        (this.keywords, this.names, this.hasLeftOvers) = ([.. keywords], names, hasLeftOvers);

    public bool Holds(JsonValue value, SchemaRun run)
    {
        if (!run.Enter()) return false;
        var isScope = run.OpenScope(resource);
        var around = run.Seen;
        if (hasLeftOvers) run.Seen = new EvaluatedParts();
        var holds = names?.Admits(value, run) != false && HoldAll(value, run);
        if (hasLeftOvers)
        {
            if (holds) around?.Add(run.Seen!);
            run.Seen = around;
        }
        if (isScope) run.CloseScope();
        run.Leave();
        return holds;
    }

    private bool HoldAll(JsonValue value, SchemaRun run)
    {
        foreach (var keyword in keywords)
            if (!keyword.Holds(value, run)) return false;
        return true;
    }
}

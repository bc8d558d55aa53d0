using System.Text;
using System.Text.Json;

namespace Symbolon.Admin.Sources;

/// <summary>Reads a JSON file: one document, or a list of documents. Duplicate members are refused.</summary>
public ref struct JsonReader
{
    private readonly string file;
    private readonly ReadOnlySpan<byte> utf8;
    private readonly List<SourceError> errors = [];
    private Utf8JsonReader reader;
    private SourcePlace place = SourcePlace.Start;
    private int counted;
    private int nodes;

    private JsonReader(string file, ReadOnlySpan<byte> utf8)
    {
        this.file = file;
        this.utf8 = utf8;
        reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = SourceLimits.Depth + 1 });
    }

    public static SourceReading Read(string file, ReadOnlySpan<byte> utf8) => new JsonReader(file, utf8).Read();

    private SourceReading Read()
    {
        var name = file;
        var documents = new List<SourceDocument>();
        try
        {
            reader.Read();
            var root = Node();
            reader.Read();
            IEnumerable<SourceNode> roots = root is SourceNode.Sequence list ? list.Items : [root];
            if (errors.Count == 0) documents.AddRange(roots.Select(node => new SourceDocument(name, node)));
        }
        catch (JsonException fault)
        {
            errors.Add(new SourceError(file, new SourcePlace((int)(fault.LineNumber ?? 0) + 1, 1), "", fault.Message.Split(" LineNumber:")[0]));
        }
        return new SourceReading(documents, errors);
    }

    private SourceNode Node()
    {
        if (++nodes > SourceLimits.Nodes) throw new JsonException($"A file may hold at most {SourceLimits.Nodes} values.", null, At().Line - 1, null);
        var at = At();
        return reader.TokenType switch
        {
            JsonTokenType.StartArray => ArrayNode(at),
            JsonTokenType.StartObject => ObjectNode(at),
            JsonTokenType.String => new SourceNode.Scalar(at, CoreScalar.Quote(Text())),
            _ => new SourceNode.Scalar(at, Encoding.UTF8.GetString(reader.ValueSpan)),
        };
    }

    private SourceNode.Sequence ArrayNode(SourcePlace at)
    {
        var items = new List<SourceNode>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(Node());
        return new(at, items);
    }

    private SourceNode.Mapping ObjectNode(SourcePlace at)
    {
        var members = new List<SourceNode.Member>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (name, nameAt) = (Text(), At());
            if (!names.Add(name) && errors.Count < 100) errors.Add(new SourceError(file, nameAt, "", $"The key {name} is given twice."));
            reader.Read();
            members.Add(new(name, nameAt, Node()));
        }
        return new(at, members);
    }

    private string Text()
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new JsonException("A text is not valid Unicode, e.g. half of a surrogate pair.", null, At().Line - 1, null);
        }
    }

    private SourcePlace At()
    {
        var upTo = (int)reader.TokenStartIndex;
        var passed = utf8[counted..upTo];
        var lastEnd = passed.LastIndexOf((byte)'\n');
        place = lastEnd < 0
            ? place with { Column = place.Column + Encoding.UTF8.GetCharCount(passed) }
            : new SourcePlace(place.Line + passed.Count((byte)'\n'), 1 + Encoding.UTF8.GetCharCount(passed[(lastEnd + 1)..]));
        counted = upTo;
        return place;
    }
}

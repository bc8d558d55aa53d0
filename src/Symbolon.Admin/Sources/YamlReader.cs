using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Symbolon.Admin.Sources;

/// <summary>
/// Reads YAML 1.2 as the data that JSON can hold: tags, duplicate and non-text keys and merge keys are refused, aliases are counted
/// each time they are used. Reports all it can; a broken text ends the file at the first fault.
/// </summary>
public sealed class YamlReader
{
    private readonly string file;
    private readonly Parser parser;
    private readonly List<SourceError> errors = [];
    private readonly Dictionary<AnchorName, (SourceNode Node, int Size, int Height)> anchors = [];
    private int nodes, deepest;

    private YamlReader(string file, string text)
    {
        this.file = file;
        parser = new Parser(new StringReader(text));
    }

    public static SourceReading Read(string file, string text) => new YamlReader(file, text).Read();

    private SourceReading Read()
    {
        var documents = new List<SourceDocument>();
        try
        {
            parser.Consume<StreamStart>();
            while (!parser.TryConsume<StreamEnd>(out _))
            {
                parser.Consume<DocumentStart>();
                anchors.Clear();
                var before = errors.Count;
                var root = Node(1);
                parser.Consume<DocumentEnd>();
                // Nothing between two separators is no document.
                if (root is not SourceNode.Scalar { Json: "null" } && errors.Count == before) documents.Add(new SourceDocument(file, root));
            }
        }
        catch (YamlException fault)
        {
            errors.Add(new SourceError(file, Place(fault.Start), "", fault.InnerException?.Message ?? fault.Message));
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // What the scanner throws for some texts instead of saying what is wrong; a fuzz test found them.
            errors.Add(new SourceError(file, Place(parser.Current?.End ?? Mark.Empty), "", "The text behind this is no YAML."));
        }
        return new SourceReading(documents, errors);
    }

    private SourceNode Node(int depth)
    {
        var at = parser.Current!;
        Count(1, at);
        Deepen(depth, at);
        if (parser.TryConsume<AnchorAlias>(out var alias)) return Alias(alias, depth);

        var (first, outside) = (nodes, deepest);
        deepest = depth;
        if (at is not NodeEvent properties) throw Stop(at, "A value is missing.");
        if (!properties.Tag.IsEmpty) Fault(at, $"The tag {properties.Tag} is not allowed: values are texts, numbers, true, false, null, lists and maps.");
        SourceNode node = at switch
        {
            Scalar => ScalarNode(parser.Consume<Scalar>()),
            SequenceStart => SequenceNode(depth),
            MappingStart => MappingNode(depth),
            _ => throw Stop(at, "Unexpected content."),
        };
        if (!properties.Anchor.IsEmpty) anchors[properties.Anchor] = (node, nodes - first + 1, deepest - depth);
        deepest = Math.Max(deepest, outside);
        return node;
    }

    private SourceNode Alias(AnchorAlias alias, int depth)
    {
        // An anchor is known once its node is complete, so a node cannot hold itself.
        if (!anchors.TryGetValue(alias.Value, out var anchored)) throw Stop(alias, $"There is no anchor {alias.Value} before this.");
        Count(anchored.Size - 1, alias);
        Deepen(depth + anchored.Height, alias);
        return anchored.Node;
    }

    private SourceNode.Scalar ScalarNode(Scalar scalar)
    {
        if (!scalar.IsPlainImplicit || scalar.Style != ScalarStyle.Plain) return new(At(scalar), CoreScalar.Quote(scalar.Value));
        if (CoreScalar.ToJson(scalar.Value) is { } json) return new(At(scalar), json);
        Fault(scalar, $"{scalar.Value} is no number that can be kept; quote it if it is a text.");
        return new(At(scalar), "null");
    }

    private SourceNode.Sequence SequenceNode(int depth)
    {
        var start = parser.Consume<SequenceStart>();
        var items = new List<SourceNode>();
        while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Node(depth + 1));
        return new(At(start), items);
    }

    private SourceNode.Mapping MappingNode(int depth)
    {
        var start = parser.Consume<MappingStart>();
        var members = new List<SourceNode.Member>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key)) throw Stop(parser.Current!, "A key must be a plain or quoted text.");
            if (!key.Tag.IsEmpty || !key.Anchor.IsEmpty) Fault(key, $"The key {key.Value} must have neither tag nor anchor.");
            if (key is { Value: "<<", Style: ScalarStyle.Plain }) Fault(key, "Merge keys (<<) are not part of YAML 1.2; write the fields out.");
            if (!names.Add(key.Value)) Fault(key, $"The key {key.Value} is given twice.");
            members.Add(new(key.Value, At(key), Node(depth + 1)));
        }
        return new(At(start), members);
    }

    private void Count(int more, ParsingEvent at)
    {
        if ((nodes += more) > SourceLimits.Nodes) throw Stop(at, $"A file may hold at most {SourceLimits.Nodes} values, repeated ones counted each time.");
    }

    /// <summary>An alias is as deep as what it stands for.</summary>
    private void Deepen(int depth, ParsingEvent at)
    {
        if (depth > SourceLimits.Depth) throw Stop(at, $"Nesting is limited to {SourceLimits.Depth} levels.");
        deepest = Math.Max(deepest, depth);
    }

    private void Fault(ParsingEvent at, string message)
    {
        if (errors.Count < 100) errors.Add(new SourceError(file, At(at), "", message));
    }

    private static YamlException Stop(ParsingEvent at, string message) => new(at.Start, at.End, message);

    private static SourcePlace At(ParsingEvent at) => Place(at.Start);

    private static SourcePlace Place(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}

using System.Text.Json;

namespace Symbolon.Cli.Files;

/// <summary>A value of a file, with the line where it stands (from 1). Both YAML and JSON become this.</summary>
internal abstract record SourceNode(int Line)
{
    /// <param name="Json">The JSON token: <c>null</c>, <c>true</c>, a number with its own digits, or a quoted text.</param>
    public sealed record Scalar(int Line, string Json) : SourceNode(Line);

    public sealed record Sequence(int Line, IReadOnlyList<SourceNode> Items) : SourceNode(Line);

    public sealed record Mapping(int Line, IReadOnlyList<Member> Members) : SourceNode(Line);

    public sealed record Member(string Name, int Line, SourceNode Value);

    public void WriteTo(Utf8JsonWriter writer)
    {
        switch (this)
        {
            case Scalar scalar:
                writer.WriteRawValue(scalar.Json, skipInputValidation: true);
                break;
            case Sequence sequence:
                writer.WriteStartArray();
                foreach (var item in sequence.Items) item.WriteTo(writer);
                writer.WriteEndArray();
                break;
            case Mapping mapping:
                writer.WriteStartObject();
                foreach (var member in mapping.Members)
                {
                    writer.WritePropertyName(member.Name);
                    member.Value.WriteTo(writer);
                }
                writer.WriteEndObject();
                break;
        }
    }

    /// <summary>The line of a path such as <c>spec.tools[3].effect</c>, or of the nearest part of it that the file has.</summary>
    public int LineOf(string path)
    {
        var rest = path.AsSpan();
        SourceNode node = this;
        var line = Line;
        while (rest.Length > 0)
        {
            if (rest[0] == '.') rest = rest[1..];
            if (Step(node, ref rest, ref line) is not { } next) return line;
            node = next;
        }
        return line;
    }

    private static SourceNode? Step(SourceNode node, ref ReadOnlySpan<char> rest, ref int line)
    {
        if (node is Sequence sequence && rest is ['[', ..] && rest.IndexOf(']') is > 0 and var end
            && int.TryParse(rest[1..end], out var index) && index < sequence.Items.Count)
        {
            rest = rest[(end + 1)..];
            line = sequence.Items[index].Line;
            return sequence.Items[index];
        }
        if (node is not Mapping mapping) return null;
        Member? longest = null;
        // A name may hold dots itself, so the longest that fits is meant.
        foreach (var member in mapping.Members)
            if (rest.StartsWith(member.Name) && Ends(rest[member.Name.Length..]) && (longest?.Name.Length ?? -1) < member.Name.Length) longest = member;
        if (longest is null) return null;
        rest = rest[longest.Name.Length..];
        line = longest.Line;
        return longest.Value;
    }

    private static bool Ends(ReadOnlySpan<char> rest) => rest.IsEmpty || rest[0] is '.' or '[';
}

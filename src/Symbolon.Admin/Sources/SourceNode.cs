using System.Text.Json;

namespace Symbolon.Admin.Sources;

/// <summary>Where something begins in a file; both from 1.</summary>
/// <param name="Column">Counted in UTF-16 code units.</param>
public readonly record struct SourcePlace(int Line, int Column)
{
    public static readonly SourcePlace Start = new(1, 1);
}

/// <summary>A value of a file, with the place where it begins. Both YAML and JSON become this.</summary>
public abstract record SourceNode(SourcePlace At)
{
    /// <param name="Json">The JSON token: <c>null</c>, <c>true</c>, a number with its own digits, or a quoted text.</param>
    public sealed record Scalar(SourcePlace At, string Json) : SourceNode(At);

    public sealed record Sequence(SourcePlace At, IReadOnlyList<SourceNode> Items) : SourceNode(At);

    public sealed record Mapping(SourcePlace At, IReadOnlyList<Member> Members) : SourceNode(At);

    public sealed record Member(string Name, SourcePlace At, SourceNode Value);

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

    /// <summary>The place of a path such as <c>spec.tools[3].effect</c>, or of the nearest part of it that the file has.</summary>
    public SourcePlace PlaceOf(string path)
    {
        var rest = path.AsSpan();
        SourceNode node = this;
        var place = At;
        while (rest.Length > 0)
        {
            if (rest[0] == '.') rest = rest[1..];
            if (Step(node, ref rest, ref place) is not { } next) return place;
            node = next;
        }
        return place;
    }

    private static SourceNode? Step(SourceNode node, ref ReadOnlySpan<char> rest, ref SourcePlace place)
    {
        if (node is Sequence sequence && rest is ['[', ..] && rest.IndexOf(']') is > 0 and var end
            && int.TryParse(rest[1..end], out var index) && index < sequence.Items.Count)
        {
            rest = rest[(end + 1)..];
            place = sequence.Items[index].At;
            return sequence.Items[index];
        }
        if (node is not Mapping mapping) return null;
        Member? longest = null;
        // A name may hold dots itself, so the longest that fits is meant.
        foreach (var member in mapping.Members)
            if (rest.StartsWith(member.Name) && Ends(rest[member.Name.Length..]) && (longest?.Name.Length ?? -1) < member.Name.Length) longest = member;
        if (longest is null) return null;
        rest = rest[longest.Name.Length..];
        place = longest.At;
        return longest.Value;
    }

    private static bool Ends(ReadOnlySpan<char> rest) => rest.IsEmpty || rest[0] is '.' or '[';
}

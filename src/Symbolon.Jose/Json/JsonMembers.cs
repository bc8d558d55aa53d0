namespace Symbolon.Jose.Json;

/// <summary>Walks the members of one object of an accepted text, passing over the values that nobody asks for.</summary>
public ref struct JsonMembers
{
    private readonly ReadOnlySpan<byte> text;
    private int position;

    /// <param name="start">Where the object starts; -1 for nothing to walk.</param>
    internal JsonMembers(ReadOnlySpan<byte> text, int start)
    {
        this.text = text;
        position = start < 0 ? text.Length : JsonSkip.WhiteSpace(text, start + 1);
    }

    public JsonMember Current { get; private set; }

    public readonly JsonMembers GetEnumerator() => this;

    public bool MoveNext()
    {
        if (position >= text.Length || text[position] == '}') return false;
        var end = JsonSkip.String(text, position);
        var name = new NamePlace(position + 1, end - position - 2);
        var colon = JsonSkip.WhiteSpace(text, end);
        var value = JsonSkip.WhiteSpace(text, colon + 1);
        end = JsonSkip.Value(text, value);
        Current = new(text, name, value, end - value);
        position = JsonSkip.Comma(text, end);
        return true;
    }
}

/// <summary>Walks the items of one array of an accepted text.</summary>
public ref struct JsonItems
{
    private readonly ReadOnlySpan<byte> text;
    private int position;

    /// <param name="start">Where the array starts; -1 for nothing to walk.</param>
    internal JsonItems(ReadOnlySpan<byte> text, int start)
    {
        this.text = text;
        position = start < 0 ? text.Length : JsonSkip.WhiteSpace(text, start + 1);
    }

    public JsonValue Current { get; private set; }

    public readonly JsonItems GetEnumerator() => this;

    public bool MoveNext()
    {
        if (position >= text.Length || text[position] == ']') return false;
        var end = JsonSkip.Value(text, position);
        Current = new(text, position, end - position);
        position = JsonSkip.Comma(text, end);
        return true;
    }
}

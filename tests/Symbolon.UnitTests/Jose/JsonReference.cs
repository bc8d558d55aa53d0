using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Jose;

/// <summary>The slow and plain second opinion, on top of System.Text.Json, that the scan and the reading are compared with.</summary>
internal static class JsonReference
{
    public static bool Accepts(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text)) return false;
        var open = new Stack<HashSet<string>>();
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartObject) open.Push([]);
                else if (reader.TokenType == JsonTokenType.EndObject) open.Pop();
                else if (reader.TokenType == JsonTokenType.String) _ = reader.GetString();
                else if (reader.TokenType == JsonTokenType.PropertyName && !open.Peek().Add(Fold(reader.GetString()!))) return false;
            }
            return true;
        }
        catch (Exception refused) when (refused is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    public static void AssertReadsLikeJsonDocument(ReadOnlySpan<byte> text)
    {
        using var document = JsonDocument.Parse(text.ToArray(), new JsonDocumentOptions { MaxDepth = 64 });
        AssertEqual(document.RootElement, JsonValue.Root(text));
    }

    private static string Fold(string name) =>
        string.Concat(name.EnumerateRunes().Select(rune => Rune.ToUpperInvariant(rune).ToString()))
            .Replace('ſ', 'S').Replace('\u212A', 'K').Replace('\u2126', 'Ω').Replace('\u212B', 'Å').Replace('ϴ', 'Θ').Replace('ẞ', 'ß');

    private static void AssertEqual(JsonElement expected, JsonValue actual)
    {
        Assert.Equal(expected.ValueKind.ToString(), actual.Kind.ToString());
        Assert.Equal(expected.GetRawText(), Encoding.UTF8.GetString(actual.Raw));
        if (expected.ValueKind == JsonValueKind.Object) AssertMembers(expected, actual);
        if (expected.ValueKind == JsonValueKind.Array) AssertItems(expected, actual);
        if (expected.ValueKind == JsonValueKind.Number)
        {
            Assert.Equal(expected.TryGetInt64(out var number), actual.TryGetInt64(out var read));
            Assert.Equal(number, read);
        }
        if (expected.ValueKind != JsonValueKind.String) return;
        var text = expected.GetString()!;
        Assert.True(actual.TryGetString(out var decoded));
        Assert.Equal(text, decoded);
        Assert.True(actual.TextEquals(Encoding.UTF8.GetBytes(text)));
        Assert.False(actual.TextEquals(Encoding.UTF8.GetBytes(text + "x")));
    }

    private static void AssertMembers(JsonElement expected, JsonValue actual)
    {
        using var members = expected.EnumerateObject().GetEnumerator();
        foreach (var member in actual.Members)
        {
            Assert.True(members.MoveNext());
            Assert.Equal(members.Current.Name, member.Name);
            Assert.True(member.NameEquals(Encoding.UTF8.GetBytes(members.Current.Name)));
            Assert.True(member.NameFoldsTo(Encoding.UTF8.GetBytes(members.Current.Name)));
            AssertEqual(members.Current.Value, member.Value);
        }
        Assert.False(members.MoveNext());
    }

    private static void AssertItems(JsonElement expected, JsonValue actual)
    {
        using var items = expected.EnumerateArray().GetEnumerator();
        foreach (var item in actual.Items)
        {
            Assert.True(items.MoveNext());
            AssertEqual(items.Current, item);
        }
        Assert.False(items.MoveNext());
    }
}

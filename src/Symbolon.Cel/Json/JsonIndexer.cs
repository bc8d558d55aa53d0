using System.Buffers;
using System.Text.Unicode;

namespace Symbolon.Cel.Json;

/// <summary>Reads a JSON text strictly (RFC 8259) and writes down where its values are.</summary>
internal ref struct JsonIndexer
{
    private const int MostDepth = 64;
    private const int FewMembers = 16;

    private static readonly SearchValues<byte> EndsText = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (byte)code), (byte)'"', (byte)'\\']);
    private static readonly SearchValues<byte> InNumber = SearchValues.Create("0123456789+-.eE"u8);

    private readonly CelJson json;
    private readonly ReadOnlySpan<byte> text;
    private readonly int start;
    private int at;
    private string? fault;

    public JsonIndexer(CelJson json, ReadOnlySpan<byte> text, int start)
    {
        this.json = json;
        this.text = text;
        this.start = at = start;
    }

    public bool TryRead(out string why)
    {
        SkipBlanks();
        var isRead = Utf8.IsValid(text[start..]) ? Value(0, 0, 0, 0) : Fail("is no UTF-8");
        SkipBlanks();
        if (isRead && at < text.Length) isRead = Fail("goes on behind its end");
        why = $"the JSON text {fault} (at byte {at - start})";
        return isRead;
    }

    private bool Fail(string why)
    {
        fault ??= why;
        return false;
    }

    private void SkipBlanks()
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') at++;
    }

    private bool Value(int nameStart, int nameLength, byte flags, int depth)
    {
        if (at == text.Length) return Fail("ends too early");
        var place = json.Add(new CelJson.Place { NameStart = nameStart, NameLength = nameLength, Start = at, Kind = text[at], Flags = flags });
        var isRead = text[at] switch
        {
            (byte)'{' => Object(place, depth),
            (byte)'[' => Array(place, depth),
            (byte)'"' => Text(out var isEscaped) && (!isEscaped || Mark(place)),
            (byte)'t' => Word("true"u8),
            (byte)'f' => Word("false"u8),
            (byte)'n' => Word("null"u8),
            _ => Number(),
        };
        json[place].Length = at - json[place].Start;
        json[place].Next = json.Places;
        return isRead;
    }

    private bool Mark(int place)
    {
        json[place].Flags |= CelJson.EscapedText;
        return true;
    }

    private bool Object(int place, int depth)
    {
        if (depth == MostDepth) return Fail($"is deeper than {MostDepth} levels");
        at++;
        SkipBlanks();
        if (Take((byte)'}')) return true;
        do
        {
            SkipBlanks();
            if (at == text.Length || text[at] != '"') return Fail("has a member without a name");
            var start = at + 1;
            if (!Text(out var isEscaped)) return false;
            var length = at - 1 - start;
            SkipBlanks();
            if (!Take((byte)':')) return Fail("has a name without a value");
            SkipBlanks();
            json[place].Items++;
            if (!Value(start, length, isEscaped ? CelJson.EscapedName : (byte)0, depth + 1)) return false;
            SkipBlanks();
        }
        while (Take((byte)','));
        return Take((byte)'}') ? !HasTwice(place) || Fail("has a member twice") : Fail("has an object that does not end");
    }

    private readonly bool HasTwice(int place)
    {
        var members = json[place].Items;
        if (members > FewMembers) return HasTwiceAmongMany(place);
        // Most names differ in length, first or last letter from all before them.
        var (seen, isEscaped) = (0L, false);
        for (var k = place + 1; k < json.Places; k = json[k].Next)
        {
            isEscaped |= (json[k].Flags & CelJson.EscapedName) != 0;
            var bit = 1L << Sign(json.Name(json[k]));
            if ((isEscaped || (seen & bit) != 0) && IsAmongThoseBefore(place, k)) return true;
            seen |= bit;
        }
        return false;
    }

    private static int Sign(ReadOnlySpan<byte> name) => name.IsEmpty ? 0 : (name.Length * 29 + name[0] * 5 + name[^1]) & 63;

    private readonly bool IsAmongThoseBefore(int place, int member)
    {
        for (var i = place + 1; i < member; i = json[i].Next)
            if (IsSame(i, member)) return true;
        return false;
    }

    private readonly bool IsSame(int i, int k)
    {
        if (((json[i].Flags | json[k].Flags) & CelJson.EscapedName) != 0) return json.DecodeName(json[i]) == json.DecodeName(json[k]);
        return json[i].NameLength == json[k].NameLength && json.Name(json[i]).SequenceEqual(json.Name(json[k]));
    }

    private readonly bool HasTwiceAmongMany(int place)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = place + 1; i < json.Places; i = json[i].Next)
            if (!seen.Add(json.DecodeName(json[i]))) return true;
        return false;
    }

    private bool Array(int place, int depth)
    {
        if (depth == MostDepth) return Fail($"is deeper than {MostDepth} levels");
        at++;
        SkipBlanks();
        if (Take((byte)']')) return true;
        do
        {
            SkipBlanks();
            json[place].Items++;
            if (!Value(0, 0, 0, depth + 1)) return false;
            SkipBlanks();
        }
        while (Take((byte)','));
        return Take((byte)']') || Fail("has an array that does not end");
    }

    private bool Text(out bool isEscaped)
    {
        isEscaped = false;
        var inside = ++at;
        while (true)
        {
            var length = text[at..].IndexOfAny(EndsText);
            if (length < 0) return Fail("has a string that does not end");
            at += length;
            if (text[at] == '"') break;
            if (text[at] != '\\') return Fail("has a control character in a string");
            isEscaped = true;
            at += 2;
            if (at > text.Length) return Fail("has a string that does not end");
        }
        at++;
        return !isEscaped || JsonTexts.AreEscapesValid(text[inside..(at - 1)]) || Fail("has an escape that is none");
    }

    private bool Word(ReadOnlySpan<byte> word)
    {
        if (!text[at..].StartsWith(word)) return Fail("has a word that is none");
        at += word.Length;
        return true;
    }

    private bool Number()
    {
        var length = text[at..].IndexOfAnyExcept(InNumber);
        var number = length < 0 ? text[at..] : text.Slice(at, length);
        at += number.Length;
        return IsNumber(number) || Fail("has something that is no value");
    }

    private static bool IsNumber(ReadOnlySpan<byte> number)
    {
        var i = number.Length > 0 && number[0] == '-' ? 1 : 0;
        if (Digits(number, ref i) is var whole && (whole == 0 || (whole > 1 && number[i - whole] == '0'))) return false;
        if (i < number.Length && number[i] == '.')
        {
            i++;
            if (Digits(number, ref i) == 0) return false;
        }
        if (i < number.Length && number[i] is (byte)'e' or (byte)'E')
        {
            i++;
            if (i < number.Length && number[i] is (byte)'+' or (byte)'-') i++;
            if (Digits(number, ref i) == 0) return false;
        }
        return i == number.Length;
    }

    private static int Digits(ReadOnlySpan<byte> number, ref int i)
    {
        var start = i;
        while (i < number.Length && number[i] is >= (byte)'0' and <= (byte)'9') i++;
        return i - start;
    }

    private bool Take(byte symbol)
    {
        if (at >= text.Length || text[at] != symbol) return false;
        at++;
        return true;
    }
}

using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Redaction;

/// <summary>
/// Writes an accepted object anew, canonical, without what must not be kept and within <see cref="RedactedArguments.MostBytes"/>. Whatever
/// the text is, what it writes is whole: room for a value is made sure of before its name is written.
/// </summary>
internal ref struct RedactionWalk(IBufferWriter<byte> output)
{
    /// <summary>Objects and lists within one another; readers of records take 64, and a record has levels of its own.</summary>
    private const int Deepest = 16;

    private const int LongestText = 1024;
    private const int LongestNumber = 32;
    private const int MostMembers = 1024;
    private const string CutMark = "…";

    /// <summary>A value can be written within this: a number and its quotation marks, a mark, a cut text, two brackets.</summary>
    private const int LeastRoom = 48;

    private CanonicalJsonWriter json = new(output);
    private int left = RedactedArguments.MostBytes;
    private int namesLeft = 4 * RedactedArguments.MostBytes;

    public int Redacted { get; private set; }

    public bool WasCut { get; private set; }

    public void Write(ReadOnlySpan<byte> arguments, FrozenSet<string> names) => WriteObject(JsonValue.Root(arguments), names, depth: 1);

    /// <param name="only">Members that may be written; null for all.</param>
    private void WriteObject(JsonValue value, FrozenSet<string>? only, int depth)
    {
        left -= 2;
        json.StartObject();
        var isNamedSecret = NamesSecret(value);
        // RFC 8785 §3.2.3 orders names by their UTF-16 code units, as ordinal comparison does.
        foreach (var (name, start, length) in MembersOf(value, only).OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            if (!TryName(name)) break;
            json.Name(name);
            var member = JsonValue.Root(value.Raw.Slice(start, length));
            if (SecretName.IsSecret(name) || (isNamedSecret && !IsNaming(name))) WriteMark();
            else WriteValue(member, depth);
        }
        json.EndObject();
    }

    private List<(string Name, int Start, int Length)> MembersOf(JsonValue value, FrozenSet<string>? only)
    {
        var members = new List<(string, int, int)>();
        foreach (var member in value.Members)
        {
            // A name that nobody asked for, or that is a credential itself, is not repeated either.
            var name = member.Name;
            if (only is not null && !only.Contains(name)) Redacted++;
            else if (members.Count == MostMembers || (only is null && namesLeft < 0)) WasCut = true;
            else if (only is null && HoldsSecret(name)) Redacted++;
            else members.Add((name, member.Value.Offset - value.Offset, member.Value.Length));
        }
        return members;
    }

    /// <summary>Names too long to be written are not looked at, and all names together no more than could ever be of use.</summary>
    private bool HoldsSecret(string name)
    {
        if (name.Length > RedactedArguments.MostBytes) return true;
        namesLeft -= name.Length;
        return SecretText.HoldsSecret(name);
    }

    private void WriteArray(JsonValue value, int depth)
    {
        left -= 2;
        json.StartArray();
        var isNext = false;
        foreach (var item in value.Items)
        {
            if (!TryTake(1)) break;
            // ["--password", "…"] and ["Authorization", "…"]: what follows a secret's name is the secret.
            if (isNext) WriteMark();
            else WriteValue(item, depth);
            isNext = !isNext && IsSecretsName(item);
        }
        json.EndArray();
    }

    private void WriteValue(JsonValue value, int depth)
    {
        switch (value.Kind)
        {
            case JsonKind.Object or JsonKind.Array when depth == Deepest: WriteText(CutMark, isWhole: false); break;
            case JsonKind.Object: WriteObject(JsonValue.Root(value.Raw), only: null, depth + 1); break;
            case JsonKind.Array: WriteArray(JsonValue.Root(value.Raw), depth + 1); break;
            case JsonKind.String: WriteString(value); break;
            case JsonKind.Number: WriteNumber(value); break;
            case JsonKind.Null: left -= 4; json.ItemNull(); break;
            default: left -= 5; json.Item(value.Kind == JsonKind.True); break;
        }
    }

    private void WriteString(JsonValue value)
    {
        value.TryGetString(out var text);
        // Looked at beyond the cut, so that no half of a credential is left by it, and not to the end, which nobody keeps.
        if (SecretText.HoldsSecret(text!, LongestText)) WriteMark();
        else WriteText(text!, isWhole: true);
    }

    /// <summary>Records hold integers that every reader reads alike; any other number is written as the text that it was.</summary>
    private void WriteNumber(JsonValue value)
    {
        if (value.TryGetInt64(out var number) && number is >= -CanonicalJsonWriter.GreatestInteger and <= CanonicalJsonWriter.GreatestInteger)
        {
            left -= value.Length;
            json.Item(number);
            return;
        }
        var digits = Encoding.ASCII.GetString(value.Raw[..Math.Min(value.Length, LongestNumber)]);
        WriteText(value.Length > LongestNumber ? digits + CutMark : digits, isWhole: value.Length <= LongestNumber);
    }

    private void WriteMark()
    {
        Redacted++;
        left -= RedactedArguments.Mark.Length + 2;
        json.Item(RedactedArguments.Mark.AsSpan());
    }

    private void WriteText(string text, bool isWhole)
    {
        if (!isWhole) WasCut = true;
        var (length, cost) = Fitting(text, Math.Min(left - 2, LongestText));
        if (length < text.Length)
        {
            WasCut = true;
            (length, cost) = Fitting(text, Math.Min(left - 2, LongestText) - 3);
            text = string.Concat(text.AsSpan(0, length), CutMark);
            cost += 3;
        }
        left -= cost + 2;
        json.Item(text.AsSpan());
    }

    /// <returns>How many of the first characters can be written within so many bytes, never half a pair, and what they take.</returns>
    private static (int Length, int Cost) Fitting(ReadOnlySpan<char> text, int room)
    {
        var (length, cost) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            var next = CostOf(rune);
            if (cost + next > room) break;
            cost += next;
            length += rune.Utf16SequenceLength;
        }
        return (length, cost);
    }

    private static int CostOf(Rune rune) => rune.Value < ' ' ? 6 : rune.Value is '"' or '\\' ? 2 : rune.Utf8SequenceLength;

    private bool TryName(string name)
    {
        var (length, cost) = Fitting(name, left);
        // Quotation marks, colon and comma.
        if (length == name.Length) return TryTake(cost + 4);
        WasCut = true;
        return false;
    }

    private bool TryTake(int cost)
    {
        if (left < cost + LeastRoom)
        {
            WasCut = true;
            return false;
        }
        left -= cost;
        return true;
    }

    private static bool NamesSecret(JsonValue value)
    {
        foreach (var member in value.Members)
            if (IsNaming(member.Name) && IsSecretsName(member.Value)) return true;
        return false;
    }

    private static bool IsNaming(string name) => SecretPatterns.NamingMembers.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static bool IsSecretsName(JsonValue value) =>
        value.Length <= 128 && value.TryGetString(out var text) && !text.Contains(' ') && SecretName.IsSecret(text);
}

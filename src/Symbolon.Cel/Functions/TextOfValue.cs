using System.Text;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary>Any value as <c>%s</c> writes it.</summary>
internal readonly struct TextOfValue(CelMeter meter)
{
    /// <returns>Null where it costs too much.</returns>
    public string? Of(in CelValue value)
    {
        if (!meter.Charge(1)) return null;
        switch (value.Kind)
        {
            case CelKind.List: return OfList(value);
            case CelKind.Map: return OfMap(value);
            case CelKind.Bytes: return Encoding.UTF8.GetString(value.AsBytes());
            case CelKind.Double when !double.IsFinite(value.AsDouble): return TextFormat.Endless(value.AsDouble);
            default: return TextForm.Of(value);
        }
    }

    private string? OfList(in CelValue list)
    {
        var text = new StringBuilder("[");
        for (var i = 0; i < Items.Count(list); i++)
        {
            if (Of(Items.At(list, i)) is not { } item || !meter.ChargeBytes(item.Length)) return null;
            text.Append(i == 0 ? "" : ", ").Append(item);
        }
        return text.Append(']').ToString();
    }

    /// <summary>In the order of the texts of its keys.</summary>
    private string? OfMap(in CelValue map)
    {
        var members = new List<(string Key, string Value)>();
        for (var i = 0; i < map.AsMap.Count(map.Node); i++)
        {
            if (Of(map.AsMap.KeyAt(map.Node, i)) is not { } key || Of(map.AsMap.ValueAt(map.Node, i)) is not { } value || !meter.ChargeBytes(key.Length + value.Length)) return null;
            members.Add((key, value));
        }
        members.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return $"{{{string.Join(", ", members.Select(member => $"{member.Key}: {member.Value}"))}}}";
    }
}

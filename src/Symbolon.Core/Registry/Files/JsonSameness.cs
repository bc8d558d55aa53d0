using System.Text.Json;

namespace Symbolon.Core.Registry.Files;

/// <summary>Whether two JSON values say the same: order of members and spacing aside, numbers by their value, exactly.</summary>
public static class JsonSameness
{
    public static bool Same(JsonElement one, JsonElement other)
    {
        try
        {
            return JsonElement.DeepEquals(one, other);
        }
        catch (ArgumentOutOfRangeException)
        {
            // The framework gives up on exponents beyond int32; such a number only equals its own text.
            return string.Equals(one.GetRawText(), other.GetRawText(), StringComparison.Ordinal);
        }
    }
}

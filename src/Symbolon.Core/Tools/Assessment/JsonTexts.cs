using System.Text.Json;

namespace Symbolon.Core.Tools.Assessment;

internal static class JsonTexts
{
    /// <returns>Null for what is no string, and for one that is not valid Unicode.</returns>
    public static string? Of(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}

using System.Text.Json;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>Texts of a server's answer, which JSON may hold without their being text.</summary>
public static class JsonTexts
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

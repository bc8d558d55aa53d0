namespace Symbolon.Core.Resources;

/// <summary>How bad it is when a resource gets into the wrong hands. In the order of their weight.</summary>
public enum Sensitivity
{
    Public,
    Internal,
    Confidential,

    /// <summary>Who has it has what it opens: keys, passwords, tokens.</summary>
    Secret,
}

public static class Sensitivities
{
    public const string Rule = "public, internal, confidential or secret";

    public static string ToText(this Sensitivity sensitivity) => sensitivity switch
    {
        Sensitivity.Public => "public",
        Sensitivity.Internal => "internal",
        Sensitivity.Confidential => "confidential",
        Sensitivity.Secret => "secret",
        _ => throw new ArgumentOutOfRangeException(nameof(sensitivity), sensitivity, null),
    };

    public static bool TryParse(string text, out Sensitivity sensitivity)
    {
        foreach (var each in Enum.GetValues<Sensitivity>())
            if (each.ToText() == text)
            {
                sensitivity = each;
                return true;
            }
        sensitivity = default;
        return false;
    }
}

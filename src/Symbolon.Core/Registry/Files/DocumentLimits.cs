namespace Symbolon.Core.Registry.Files;

/// <summary>Sizes that a document may have. Lengths are UTF-16 code units unless stated.</summary>
public static class DocumentLimits
{
    public const int Tools = 10_000;
    public const int ListItems = 1_000;

    /// <summary>Of one tool.</summary>
    public const int Needs = 64;

    /// <summary>What one resource reaches, and as many that it triggers.</summary>
    public const int ReachedPatterns = 256;
    public const int Labels = 64;
    public const int LabelValue = 256;
    public const int Title = 512;
    public const int Description = 65_536;

    /// <summary>JSON text of one schema, or of the annotations of one tool.</summary>
    public const int Schema = 262_144;

    /// <summary>JSON text of what one tool's arguments are held to.</summary>
    public const int Constraints = 65_536;
    public const int Url = 2_048;

    /// <summary>Reasons and notes that come with a change.</summary>
    public const int Reason = 1_024;
}

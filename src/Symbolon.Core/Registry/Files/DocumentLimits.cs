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

    /// <summary>Of one policy, and as many tests.</summary>
    public const int Rules = 1_000;

    /// <summary>CEL text of one condition or sum.</summary>
    public const int Expression = 4_096;

    /// <summary>What a rule tells who is refused.</summary>
    public const int Message = 500;

    /// <summary>JSON text of the arguments of one test.</summary>
    public const int TestArguments = 65_536;

    /// <summary>Members that one rule redacts.</summary>
    public const int Redacted = 64;

    /// <summary>Headers that one rule adds.</summary>
    public const int Headers = 16;
    public const int HeaderValue = 1_024;
}

namespace Symbolon.Core.Tools.Schemas;

/// <summary>How large a schema may be, and how much work it may make of a value.</summary>
internal static class SchemaBounds
{
    /// <summary>Schemas within one, itself included.</summary>
    public const int MostSchemas = 2_000;

    /// <summary>Schemas that may be open at once while a value is checked: each takes room on the stack.</summary>
    public const int MostOpen = 256;

    /// <summary>Levels of objects and lists of a schema's text.</summary>
    public const int MostDepth = 64;

    private const long WorkAtLeast = 100_000;
    private const long WorkForOneByte = 8;

    /// <summary>
    /// Steps for a value: a visit to a schema, a name or text compared, a visit to a state of a pattern, 8 bytes of an object or list or 32 of a text passed over;
    /// some nanoseconds each. What a
    /// value can cost is so in proportion to its length, whatever the schema; more is refused.
    /// </summary>
    public static long WorkFor(int bytes) => WorkAtLeast + WorkForOneByte * bytes;
}

namespace Symbolon.Jose.Json;

/// <summary>Bounds of one JSON text. A default value (zeros) admits no container and no member, so a forgotten limit fails closed.</summary>
public readonly record struct JsonLimits
{
    /// <summary>The deepest nesting that can be asked for: the scan recurses, and its stack use must be known.</summary>
    public const int GreatestDepth = 512;

    /// <summary>Depth 64, 10,000 members.</summary>
    public static JsonLimits Default { get; } = new(depth: 64, members: 10_000);

    /// <param name="depth">Containers that may be open at once, 0 to <see cref="GreatestDepth"/>.</param>
    /// <param name="members">Members of all objects of the text together.</param>
    public JsonLimits(int depth, int members)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, GreatestDepth);
        ArgumentOutOfRangeException.ThrowIfNegative(members);
        Depth = depth;
        Members = members;
    }

    public int Depth { get; }

    public int Members { get; }
}

namespace Symbolon.Jose.Json;

/// <summary>
/// The one scan that accepts or refuses a JSON text: RFC 8259's grammar exactly, valid UTF-8 without a byte order mark, no lone
/// surrogate, no two members of one object that any reader could take for one another, within limits. Whoever reads an accepted
/// text, in whatever language, reads the same values from it. Never throws on any input; allocates nothing.
/// </summary>
public static class StrictJson
{
    private const int UsualNames = 64;

    /// <summary>Scans under <see cref="JsonLimits.Default"/> and <see cref="MemberRule.EveryObject"/>.</summary>
    public static StrictJsonError Scan(ReadOnlySpan<byte> utf8) => Scan(utf8, JsonLimits.Default);

    /// <param name="utf8">The whole text.</param>
    /// <param name="outline">
    /// Filled with the members of the outer objects, so that an envelope is read without a second walk. Its content belongs to
    /// this text, and is empty when the text is refused.
    /// </param>
    public static StrictJsonError Scan(
        ReadOnlySpan<byte> utf8, JsonLimits limits, MemberRule rule = MemberRule.EveryObject, JsonOutline? outline = null)
    {
        outline?.Clear();
        var invalid = Utf8Fault.Find(utf8);
        if (invalid >= 0) return new(StrictJsonErrorKind.InvalidUtf8, invalid);

        Span<ulong> hashes = stackalloc ulong[UsualNames];
        Span<NamePlace> places = stackalloc NamePlace[UsualNames];
        var scanner = new JsonScanner(utf8, limits, rule, outline, new OpenNames(hashes, places));
        try
        {
            var error = scanner.Run();
            if (!error.Accepted) outline?.Clear();
            return error;
        }
        finally
        {
            scanner.Dispose();
        }
    }
}

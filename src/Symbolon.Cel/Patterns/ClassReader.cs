namespace Symbolon.Cel.Patterns;

/// <summary>Reads what stands between square brackets.</summary>
internal static class ClassReader
{
    public static CodeSet Take(PatternReader reader, bool folds)
    {
        var start = reader.At;
        reader.Take('[');
        var isNegated = reader.Take('^');
        var builder = new CodeSetBuilder(folds);
        // A bracket that closes stands for itself where it is the first.
        for (var isFirst = true; isFirst || !reader.Take(']'); isFirst = false)
        {
            if (reader.IsAtEnd) throw new PatternFault(start, "a class has no ']'.");
            if ((TakePosix(reader, folds) ?? Escapes.TakeSet(reader, folds)) is { } set) builder.Add(set);
            else TakeRange(reader, builder, start);
        }
        return builder.Build().With(folds: false, isNegated);
    }

    private static void TakeRange(PatternReader reader, CodeSetBuilder builder, int start)
    {
        var at = reader.At;
        var first = TakePoint(reader, start);
        var last = first;
        if (reader.IsNext('-') && reader.Ahead(1) != ']')
        {
            reader.Take('-');
            last = TakePoint(reader, start);
        }
        if (last < first) throw new PatternFault(at, $"the range '{reader.Since(at)}' is the wrong way round.");
        builder.Add(first, last);
    }

    private static int TakePoint(PatternReader reader, int start)
    {
        if (reader.IsAtEnd) throw new PatternFault(start, "a class has no ']'.");
        return reader.IsNext('\\') ? Escapes.TakePoint(reader) : reader.TakePoint();
    }

    private static CodeSet? TakePosix(PatternReader reader, bool folds)
    {
        var start = reader.At;
        if (!reader.Take("[:")) return null;
        if (reader.TakeUntil(":]") is not { } name)
        {
            // What names no class is a bracket and a colon.
            reader.Return(start);
            return null;
        }
        var isNegated = name.StartsWith('^');
        return NamedSets.Posix(isNegated ? name[1..] : name)?.With(folds, isNegated) ?? throw new PatternFault(start, $"'{reader.Since(start)}' is no class.");
    }
}

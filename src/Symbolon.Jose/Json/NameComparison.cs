namespace Symbolon.Jose.Json;

/// <summary>Compares two names whose hashes are equal; walked character by character, since it is the rare case.</summary>
internal static class NameComparison
{
    /// <returns>DuplicateMember when they decode to the same, FoldedMember when they fold to the same, else None.</returns>
    public static StrictJsonErrorKind Of(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var equal = true;
        var left = new JsonRunes(one);
        var right = new JsonRunes(other);
        while (true)
        {
            var more = left.MoveNext();
            if (more != right.MoveNext()) return StrictJsonErrorKind.None;
            if (!more) return equal ? StrictJsonErrorKind.DuplicateMember : StrictJsonErrorKind.FoldedMember;
            if (left.Current == right.Current) continue;
            if (NameFolding.Fold(left.Current) != NameFolding.Fold(right.Current)) return StrictJsonErrorKind.None;
            equal = false;
        }
    }
}

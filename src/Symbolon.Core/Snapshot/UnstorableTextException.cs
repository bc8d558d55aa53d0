namespace Symbolon.Core.Snapshot;

/// <summary>A text with the character U+0000, or with half a surrogate pair, which the store refuses everywhere: not every database can hold it. Nothing was changed.</summary>
/// <param name="what">Which text, in words for the person who sent it.</param>
public sealed class UnstorableTextException(string what) : Exception($"The character U+0000 and halves of surrogate pairs are not allowed in {what}.");

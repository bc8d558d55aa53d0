namespace Symbolon.Admin.Sources;

/// <summary>One thing that is wrong with a file that was read.</summary>
/// <param name="Path">Where in the document, e.g. <c>spec.tools[3].effect</c>; empty for the whole.</param>
public sealed record SourceError(string File, SourcePlace At, string Path, string Message)
{
    public int Line => At.Line;

    public override string ToString() => $"{File}:{At.Line}: {FieldText.Of(Path, Message)}";
}

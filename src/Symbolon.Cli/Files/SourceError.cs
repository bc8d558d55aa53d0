namespace Symbolon.Cli.Files;

/// <summary>One thing that is wrong with a file that was read.</summary>
/// <param name="Path">Where in the document, e.g. <c>spec.tools[3].effect</c>; empty for the whole.</param>
internal sealed record SourceError(string File, int Line, string Path, string Message)
{
    public override string ToString() => $"{File}:{Line}: {Output.FieldText.Of(Path, Message)}";
}

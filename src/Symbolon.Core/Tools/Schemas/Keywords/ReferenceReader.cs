namespace Symbolon.Core.Tools.Schemas.Keywords;

internal static class ReferenceReader
{
    public static IEnumerable<ReferenceKeyword> Read(SchemaPart part)
    {
        if (part.Text("$ref") is { } reference) yield return new ReferenceKeyword(part.PathOf("$ref"), reference, part.Node, mayBeDynamic: false);
        if (part.Text("$dynamicRef") is { } dynamic) yield return new ReferenceKeyword(part.PathOf("$dynamicRef"), dynamic, part.Node, mayBeDynamic: true);
    }
}

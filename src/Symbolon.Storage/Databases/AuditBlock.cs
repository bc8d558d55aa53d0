namespace Symbolon.Storage.Databases;

/// <summary>
/// Blocks into which a chain is divided, and the columns whose values are noted for each. A note says that a value stands somewhere in
/// the block; records behind the mark of the counts have none yet.
/// </summary>
internal static class AuditBlock
{
    /// <summary>Records of one block.</summary>
    public const long Size = 4096;

    /// <summary>The filter columns with notes, in the order in which they are read.</summary>
    public static readonly IReadOnlyList<string> Facets = ["kind", "user", "agent", "workflow", "server", "tool", "token", "code"];

    /// <summary>The number of a record's block.</summary>
    public static long Of(long seq) => seq / Size;
}

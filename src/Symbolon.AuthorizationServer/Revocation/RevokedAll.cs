namespace Symbolon.AuthorizationServer.Revocation;

/// <summary>Several durable revocations of one commit.</summary>
/// <param name="Count">How many.</param>
/// <param name="UnconfirmedNodes">As of <see cref="Revoked"/>.</param>
/// <param name="Nodes">As of <see cref="Revoked"/>.</param>
/// <param name="Took">As of <see cref="Revoked"/>.</param>
public sealed record RevokedAll(int Count, IReadOnlyList<string> UnconfirmedNodes, int? Nodes, TimeSpan Took)
{
    public static readonly RevokedAll Nothing = new(0, [], 0, TimeSpan.Zero);

    /// <summary>Both, one after the other.</summary>
    public RevokedAll And(RevokedAll later) => Count == 0 ? later : later.Count == 0 ? this
        : new(Count + later.Count, [.. UnconfirmedNodes.Union(later.UnconfirmedNodes)], later.Nodes, Took + later.Took);
}

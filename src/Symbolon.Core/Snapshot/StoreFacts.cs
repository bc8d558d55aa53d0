namespace Symbolon.Core.Snapshot;

/// <summary>What the store is.</summary>
/// <param name="Kind"><c>sqlite</c> or <c>postgres</c>.</param>
public sealed record StoreFacts(string Kind);

namespace Symbolon.Admin.Api;

/// <summary>The parameters that the query of a route may have: what is described is what is accepted.</summary>
internal sealed record QueryNames(IReadOnlyList<string> Names);

namespace Symbolon.Admin.Overview;

/// <summary>How far back the overview looks.</summary>
/// <param name="Name">As queries and addresses have it.</param>
/// <param name="Hours">Its length.</param>
internal sealed record OverviewPeriod(string Name, int Hours)
{
    public static readonly OverviewPeriod Day = new("24h", 24);

    public static readonly IReadOnlyList<OverviewPeriod> All = [Day, new("7d", 7 * 24), new("30d", 30 * 24)];

    /// <returns>The one of this name, a day where none is named, or null.</returns>
    public static OverviewPeriod? Find(string? name) => name is null ? Day : All.FirstOrDefault(each => each.Name == name);
}

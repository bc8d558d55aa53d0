using Symbolon.Admin.Servers;

namespace Symbolon.Admin.Console.ServerPages;

/// <summary>What the page of one server shows.</summary>
public sealed record ServerPageModel
{
    public const string ToolsView = "tools";
    public const string ActivityView = "activity";
    public const string HistoryView = "history";

    public required ServerResponse Server { get; init; }

    /// <summary>One of the views.</summary>
    public required string View { get; init; }
    public required DateTimeOffset Now { get; init; }
    public ToolMatrixModel? Tools { get; init; }
    public IReadOnlyList<ActivityRow> Activity { get; init; } = [];

    public static string PathOf(string server) => $"/servers/{Uri.EscapeDataString(server)}";
}

/// <summary>Tools of one version, filtered and cut to a page.</summary>
/// <param name="Show">all, differs or unused.</param>
/// <param name="Suspended">Tools of any filter whose calls are refused, as what is listed is not what was reviewed.</param>
/// <param name="Next">The last tool shown, where there are more.</param>
public sealed record ToolMatrixModel(
    IReadOnlyList<AssessedToolResponse> Found, string Show, int All, int Differing, IReadOnlyList<AssessedToolResponse> Suspended, string? Next)
{
    public static readonly IReadOnlyList<string> Filters = ["all", "differs"];
}

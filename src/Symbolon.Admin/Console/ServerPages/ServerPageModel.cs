using Symbolon.Admin.Access;
using Symbolon.Admin.Console.AuditPages;
using Symbolon.Admin.History;
using Symbolon.Admin.Servers;

namespace Symbolon.Admin.Console.ServerPages;

/// <summary>What the page of one server shows.</summary>
public sealed record ServerPageModel
{
    public const string ToolsView = "tools";
    public const string AccessView = "access";
    public const string ActivityView = "activity";
    public const string ManifestView = "manifest";
    public const string HistoryView = "history";
    public const string CredentialView = "credential";

    public required ServerResponse Server { get; init; }

    /// <summary>One of the views.</summary>
    public required string View { get; init; }
    public required DateTimeOffset Now { get; init; }
    public ToolMatrixModel? Tools { get; init; }
    public ServerAccessModel? Access { get; init; }

    /// <summary>Of its instances, the oldest first.</summary>
    public IReadOnlyList<ServerKeyResponse> Keys { get; init; } = [];

    /// <summary>How old a key may get, e.g. <c>30d</c>; null for any age.</summary>
    public string? Rotation { get; init; }
    public IReadOnlyList<AuditEntry> Activity { get; init; } = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<HistoryResponse> History { get; init; } = [];

    /// <summary>How what serves differs from the version that the address names.</summary>
    public VersionDifferenceResponse? Since { get; init; }

    public static string PathOf(string server) => $"/servers/{Uri.EscapeDataString(server)}";
}

/// <summary>Tools of one version, filtered and cut to a page.</summary>
/// <param name="Show">all, differs or unused.</param>
/// <param name="Unused">Tools that nobody called in 30 days.</param>
/// <param name="Suspended">Tools of any filter whose calls are refused, as what is listed is not what was reviewed.</param>
/// <param name="Next">The last tool shown, where there are more.</param>
public sealed record ToolMatrixModel(
    IReadOnlyList<AssessedToolResponse> Found, string Show, int All, int Differing, int Unused, IReadOnlyList<AssessedToolResponse> Suspended, string? Next)
{
    public static readonly IReadOnlyList<string> Filters = ["all", "differs", "unused"];
}

/// <summary>Who can call it, by which grant.</summary>
/// <param name="NextGrants">Where the next grants begin; null where there are none.</param>
/// <param name="NextTokens">The same of tokens.</param>
public sealed record ServerAccessModel(IReadOnlyList<AccessResponse> Tokens, string? NextTokens, IReadOnlyList<AccessResponse> Grants, string? NextGrants);

/// <summary>What the address asks for.</summary>
/// <param name="After">The last tool of the page before.</param>
/// <param name="Grants">Where the grants begin.</param>
/// <param name="Tokens">Where the tokens begin.</param>
/// <param name="Since">The version of the object that what serves is compared with.</param>
public sealed record ServerPageQuery(string? View = null, string? Show = null, string? After = null, string? Grants = null, string? Tokens = null, long? Since = null);

using Symbolon.Admin.Api;
using Symbolon.Admin.History;
using Symbolon.Admin.Policies;
using Symbolon.Admin.Sources;

namespace Symbolon.Admin.Console.PolicyPages;

/// <summary>What the page of one policy shows.</summary>
public sealed record PolicyPageModel
{
    public const string Root = "/policies";
    /// <summary>Not below <see cref="Root"/>, where every name is a policy's.</summary>
    public const string New = "/new-policy";
    public const string RulesView = "rules";
    public const string FileView = "file";
    public const string TestsView = "tests";
    public const string HistoryView = "history";

    public required PolicyResponse Policy { get; init; }

    /// <summary>One of the views.</summary>
    public required string View { get; init; }
    public required DateTimeOffset Now { get; init; }

    /// <summary>In the view of the file.</summary>
    public EditedPolicy? Edited { get; init; }

    /// <summary>What its rules did in the last 30 days, by name; null where the store cannot say.</summary>
    public IReadOnlyDictionary<string, RuleHitsResponse>? Hits { get; init; }

    /// <summary>How its tests go, in the view of the tests.</summary>
    public IReadOnlyList<PolicyTestResultResponse> Tests { get; init; } = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<HistoryResponse> History { get; init; } = [];

    /// <summary>How the policy differs from the version that the address names.</summary>
    public VersionDifferenceResponse? Since { get; init; }

    public static string PathOf(string policy) => $"{Root}/{Uri.EscapeDataString(policy)}";
}

/// <summary>The text of a policy's file in an editor.</summary>
/// <param name="Text">As somebody wrote it.</param>
public sealed record EditedPolicy(string Text)
{
    /// <summary>What is wrong with it, in the order of its lines.</summary>
    public IReadOnlyList<SourceError> Errors { get; init; } = [];

    /// <summary>Why, for the record.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What applying it would change; null where nobody asked, or something is wrong with it.</summary>
    public PlannedPolicy? Plan { get; init; }
}

/// <param name="Action"><c>created</c>, <c>updated</c> or <c>unchanged</c>.</param>
/// <param name="Changes">Field by field; empty for a new one.</param>
public sealed record PlannedPolicy(string Action, IReadOnlyList<FieldChangeResponse> Changes);

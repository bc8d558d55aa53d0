using Symbolon.Admin.Api;
using Symbolon.Admin.Reviews;
using Symbolon.Registry.Changes;

namespace Symbolon.Admin.Apply;

/// <summary>What happened to one document; the answer is a list of these in the order of the request.</summary>
/// <param name="Kind">Server, Agent, Workflow, Grant, Policy, Resource or Issuer.</param>
/// <param name="Action"><c>created</c>, <c>updated</c>, <c>pending</c> (a server's version that waits for its review) or <c>unchanged</c>.</param>
/// <param name="Version">The number of the manifest for a server, else the version of the object.</param>
public sealed record ApplyResponse(string Kind, string Name, string Action, long Version)
{
    /// <summary>How it differs from what was there, of a server from its newest version, field by field; absent for what is new or unchanged.</summary>
    public IReadOnlyList<FieldChangeResponse>? Changes { get; init; }

    /// <summary>What of an approved server's file is not live before it is reviewed, with the reason; absent where nothing waits.</summary>
    public IReadOnlyList<WaitingResponse>? Waiting { get; init; }

    /// <summary>Number of a server's version that serves from now on, since it is inside the envelope; absent where nothing of the file is live at once.</summary>
    public int? Live { get; init; }

    /// <summary>The review that was opened, of a plan the one that would be: <c>deploy.3</c>.</summary>
    public string? Review { get; init; }

    /// <summary>Of a server: its computed union beside the approved envelope.</summary>
    public UnionResponse? Union { get; init; }

    internal static ApplyResponse Of(AppliedDocument document) => new(document.Key.Kind.ToString(), document.Key.Name, TextOf(document.Action), document.Version)
    {
        Changes = document.Changes.Count == 0 ? null : [.. document.Changes.Select(change => new FieldChangeResponse(change.Path, change.Before, change.After))],
        Waiting = document.Waiting.Count == 0 ? null : [.. document.Waiting.Select(part => new WaitingResponse(part.Path, part.Why))],
        Live = document.Live,
        Review = document.Review?.ToString(),
        Union = document.Union is { } union ? ReviewReads.UnionOf(union) : null,
    };

    private static string TextOf(ApplyAction action) => action switch
    {
        ApplyAction.Created => "created",
        ApplyAction.Updated => "updated",
        ApplyAction.Pending => "pending",
        ApplyAction.Unchanged => "unchanged",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
    };
}

/// <param name="Path">In the words of the file: <c>spec.tools[look].effect</c>.</param>
/// <param name="Why">For people.</param>
public sealed record WaitingResponse(string Path, string Why);

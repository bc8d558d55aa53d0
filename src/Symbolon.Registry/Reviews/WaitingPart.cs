using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Resources;

namespace Symbolon.Registry.Reviews;

/// <summary>A part of a manifest that serves only once reviewers have approved it.</summary>
/// <param name="Path">In the words of the file: <c>spec.tools[look].effect</c>.</param>
/// <param name="Why">The end of a sentence: what it is that nobody approved yet.</param>
public sealed record WaitingPart(string Path, string Why)
{
    /// <param name="proposed">The tools of the new manifest, by their names.</param>
    internal static WaitingPart Of(FieldChange change, IReadOnlyDictionary<string, ManifestTool> proposed, ResourceSet envelope)
    {
        if (change.Tool is not { } name)
            return new WaitingPart(change.Path, change.Path switch
            {
                "spec.credential.audience" => "its tokens would be for another API",
                "spec.clientFeatures" => "it would ask more of clients",
                "spec.credential.ttl" => "its credential would live longer",
                _ => "it is not a matter of the tools' needs",
            });
        var tool = proposed[name];
        return new WaitingPart(change.Path, change.Field switch
        {
            "" => "nobody has reviewed this tool" + Beyond(tool, envelope),
            "needs" => Beyond(tool, envelope) is { Length: > 0 } beyond ? beyond[2..] : "what was reviewed of its needs is left out or replaced, or the rest of the tool waits",
            "effect" => "another class of effect is given to other callers",
            "flags" => "a flag less opens the tool to whole classes",
            "arguments" => "its arguments would be constrained otherwise",
            "audit" => "more of its arguments would be recorded",
            _ => "its definition is not the reviewed one",
        });
    }

    private static string Beyond(ManifestTool tool, ResourceSet envelope)
    {
        var beyond = ToolNeeds.Union([tool]).Needs.Where(need => need.Actions.Any(action => !envelope.Covers(action, need.Resource))).SelectMany(need => need.ToScopes()).Take(3).ToList();
        return beyond.Count == 0 ? "" : $", it needs {string.Join(' ', beyond)}, which is outside the envelope";
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Resources;

namespace Symbolon.Cli.Upstreams;

/// <summary>What somebody publishes that a tool needs. All of it, or nothing: a part would look like the whole.</summary>
/// <param name="Fault">Why it could not be taken; null where it was.</param>
/// <param name="Remark">What who reviews it should know of what was taken.</param>
internal sealed record PublishedNeeds(ImmutableArray<ResourceNeed> Needs, string? Fault = null, string? Remark = null)
{
    /// <summary>Where a server says it in our own words: a list as the <c>needs</c> of a file.</summary>
    public const string Key = "symbolon/needs";

    /// <returns>Null where the tool says nothing.</returns>
    public static PublishedNeeds? Of(JsonElement listed) =>
        listed.TryGetProperty("_meta", out var meta) && meta.ValueKind == JsonValueKind.Object && meta.TryGetProperty(Key, out var own) ? Own(own) : KubernetesNeeds.Of(listed);

    private static PublishedNeeds Own(JsonElement needs)
    {
        var read = new List<ResourceNeed>();
        var fault = needs.ValueKind != JsonValueKind.Array ? "it is no list"
            : needs.GetArrayLength() > DocumentLimits.Needs ? $"it has more than {DocumentLimits.Needs} entries" : null;
        for (var at = 0; fault is null && at < needs.GetArrayLength(); at++)
        {
            var actions = needs[at].ValueKind == JsonValueKind.Object && needs[at].EnumerateObject().All(member => member.Name is "actions" or "resource")
                && needs[at].TryGetProperty("actions", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(ForeignText.Of).ToList() : [];
            var wrong = "";
            if (actions.Count is 0 or > ResourceNeed.MostActions || !actions.TrueForAll(action => action is not null && ResourceAction.IsValid(action))) fault = $"[{at}] must have actions and a resource, and nothing else";
            else if (ResourcePattern.Parse(ForeignText.Member(needs[at], "resource") ?? "", out wrong) is not { } pattern) fault = $"[{at}].resource {wrong}";
            else read.Add(new ResourceNeed([.. actions.OfType<string>()], pattern));
        }
        return fault is null ? new PublishedNeeds(Together(read)) : Refused($"its _meta[\"{Key}\"] is not taken: {fault}");
    }

    public static PublishedNeeds Refused(string why) => new([], Fault: why);

    /// <summary>One entry for each resource, with the actions of all of them.</summary>
    public static ImmutableArray<ResourceNeed> Together(IEnumerable<ResourceNeed> needs) =>
        [.. needs.GroupBy(need => need.Resource).Select(same => new ResourceNeed([.. same.SelectMany(need => need.Actions).Distinct(StringComparer.Ordinal)], same.Key))];
}

using System.Text.Json;
using Symbolon.Core.Resources;

namespace Symbolon.Cli.Upstreams;

/// <summary>
/// What kubernetes-mcp-server publishes of its tools in <c>_meta["io.kubernetes-mcp-server/rbac"]</c>, version <c>v1alpha1</c>, as needs on
/// <c>k8s/{API group or core}/{namespace}/{resource}/{name}[/{subresource}]</c>. What is not said, or stands in an argument that holds more than a name
/// (an API version, a kind, a manifest), may be anything: <c>*</c>.
/// </summary>
/// <remarks>docs/rbac-metadata.md of containers/kubernetes-mcp-server: a declaration is an upper bound, and one that is absent says nothing.</remarks>
internal static class KubernetesNeeds
{
    public const string Key = "io.kubernetes-mcp-server/rbac";
    private const string Version = "v1alpha1";
    private const int MostRequirements = 256;

    /// <returns>Null where the tool has no such declaration.</returns>
    public static PublishedNeeds? Of(JsonElement listed)
    {
        if (Member(listed, "_meta") is not { } meta || Member(meta, Key) is not { } rbac) return null;
        if (rbac.ValueKind != JsonValueKind.Object) return Refused("it is no object");
        if (ForeignText.Member(rbac, "version") is not Version) return Refused($"its version is not {Version}");
        var forms = rbac.EnumerateObject().Where(member => member.Name != "version").ToList();
        if (forms is not [{ Name: "none" or "bounded" or "unbounded", Value.ValueKind: JsonValueKind.Object } form]) return Refused("it must say exactly one of none, bounded and unbounded");
        return form.Name switch
        {
            "none" => new PublishedNeeds([], Remark: "by its own word it needs nothing of Kubernetes; a file cannot say that, so its needs stay empty"),
            "unbounded" => PublishedNeeds.Refused($"what it needs of Kubernetes cannot be known ahead of a call: {ForeignText.Member(form.Value, "reason") ?? "no reason is given"}"),
            _ => Bounded(form.Value),
        };
    }

    private static PublishedNeeds Bounded(JsonElement bounded)
    {
        if (!Has(bounded, ["requirements"]) || Member(bounded, "requirements") is not { ValueKind: JsonValueKind.Array } requirements || requirements.GetArrayLength() is 0 or > MostRequirements)
            return Refused($"bounded must have requirements and nothing else, 1 to {MostRequirements}");
        var needs = new List<ResourceNeed>();
        var open = new List<string>();
        var at = 0;
        foreach (var requirement in requirements.EnumerateArray())
        {
            if (NeedOf(requirement, open, out var fault) is not { } need) return Refused($"requirements[{at}] {fault}");
            needs.Add(need);
            at++;
        }
        return new PublishedNeeds(PublishedNeeds.Together(needs), Remark: open.Count == 0 ? null
            : $"which resource it is about stands in {string.Join(" and ", open.Distinct(StringComparer.Ordinal))}, which no pattern can follow: it counts as any");
    }

    private static ResourceNeed? NeedOf(JsonElement requirement, List<string> open, out string fault)
    {
        fault = "must have verbs, a target, and at most a namespace and a resourceName besides";
        if (!Has(requirement, ["verbs", "target", "namespace", "resourceName"]) || Member(requirement, "target") is not { } target) return null;
        var verbs = Member(requirement, "verbs") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(ForeignText.Of).ToList() : [];
        fault = $"has verbs that are no actions: {ResourceAction.Rule}, 1 to {ResourceNeed.MostActions} of them";
        if (verbs.Count is 0 or > ResourceNeed.MostActions || !verbs.TrueForAll(verb => verb is not null && ResourceAction.IsValid(verb))) return null;
        fault = "has a target that is not exactly one of resource, gvk and manifest, as v1alpha1 writes them";
        if (Path(requirement, target, open) is not { } path) return null;
        if (ResourcePattern.Parse(path, out var wrong) is { } pattern) return new ResourceNeed([.. verbs.OfType<string>().Distinct(StringComparer.Ordinal)], pattern);
        fault = $"makes a pattern that {wrong}";
        return null;
    }

    private static string? Path(JsonElement requirement, JsonElement target, List<string> open)
    {
        if (target.ValueKind != JsonValueKind.Object || target.EnumerateObject().ToList() is not [{ Value.ValueKind: JsonValueKind.Object } only]) return null;
        var place = Place(requirement, "namespace");
        var name = Place(requirement, "resourceName");
        if (place is null || name is null) return null;
        switch (only.Name)
        {
            case "resource" when Has(only.Value, ["apiGroup", "resource", "subresource"]):
                var group = Literal(only.Value, "apiGroup", "core");
                var resource = Literal(only.Value, "resource", null);
                var under = Literal(only.Value, "subresource", "");
                return group is null || resource is null || under is null ? null : $"k8s/{group}/{place}/{resource}/{name}{Below(under)}";
            case "gvk" when Has(only.Value, ["apiVersionArgument", "kindArgument", "subresource"]):
                if (ForeignText.Member(only.Value, "apiVersionArgument") is not { Length: > 0 } version || ForeignText.Member(only.Value, "kindArgument") is not { Length: > 0 } kind) return null;
                open.Add($"the arguments {version} and {kind}");
                return Literal(only.Value, "subresource", "") is { } part ? $"k8s/*/{place}/*/{name}{Below(part)}" : null;
            case "manifest" when Has(only.Value, ["argument"]) && ForeignText.Member(only.Value, "argument") is { Length: > 0 } argument:
                open.Add($"the manifest of the argument {argument}");
                return "k8s/**";
            default:
                return null;
        }
    }

    /// <summary>A namespace or the name of a resource: a literal, an argument, or any where nothing, or all, is said.</summary>
    private static string? Place(JsonElement requirement, string member)
    {
        if (Member(requirement, member) is not { } said) return "*";
        if (said.ValueKind != JsonValueKind.Object || said.EnumerateObject().ToList() is not [var only]) return null;
        return only switch
        {
            { Name: "name" } when ForeignText.Of(only.Value) is { Length: > 0 } name => IsLiteral(name) ? name : null,
            { Name: "argument" } when ForeignText.Of(only.Value) is { Length: > 0 } argument => $"{{{argument}}}",
            { Name: "all", Value.ValueKind: JsonValueKind.True } when member == "namespace" => "*",
            _ => null,
        };
    }

    /// <returns>Null where it is no text that stands for itself in a pattern.</returns>
    private static string? Literal(JsonElement target, string member, string? otherwise)
    {
        if (Member(target, member) is not { } said) return otherwise;
        return ForeignText.Of(said) is { } text && (text.Length == 0 ? otherwise : text) is { } found && (found.Length == 0 || IsLiteral(found)) ? found : null;
    }

    private static bool IsLiteral(string text) => ResourcePattern.Parse(text, out _) is { Segments: [{ Kind: SegmentKind.Literal }] };

    private static string Below(string subresource) => subresource.Length == 0 ? "" : "/" + subresource;

    private static PublishedNeeds Refused(string why) => PublishedNeeds.Refused($"its _meta[\"{Key}\"] is not taken: {why}");

    /// <summary>An object with no other members: one that is not known could narrow, or widen, what the others say.</summary>
    private static bool Has(JsonElement value, string[] known) => value.ValueKind == JsonValueKind.Object && value.EnumerateObject().All(member => known.Contains(member.Name));

    private static JsonElement? Member(JsonElement value, string name) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var found) ? found : null;
}

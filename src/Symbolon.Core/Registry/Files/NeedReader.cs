using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Resources;

namespace Symbolon.Core.Registry.Files;

/// <summary>A tool's <c>needs</c>: actions on patterns of resources, in which an argument of the tool may stand in braces.</summary>
internal static class NeedReader
{
    public static ImmutableArray<ResourceNeed> Read(ObjectFields fields, ManifestTool tool, FieldErrors errors)
    {
        var needs = fields.List("needs", DocumentLimits.Needs, (item, at) => ReadOne(item, at, tool, errors));
        foreach (var twice in needs.GroupBy(need => need.Resource).Where(same => same.Count() > 1))
            fields.Error("needs", FieldErrorCode.Duplicate, $"{fields.PathOf("needs")} has {twice.Key} twice; one entry may list all its actions.");
        return needs;
    }

    private static ResourceNeed? ReadOne(JsonElement item, string path, ManifestTool tool, FieldErrors errors)
    {
        if (ObjectFields.Open(item, path, errors, ["actions", "resource"]) is not { } fields) return null;
        var before = errors.Found.Count;
        var actions = fields.Texts("actions", ResourceNeed.MostActions, text => ResourceAction.IsValid(text) ? text : null, $"the name of an action: {ResourceAction.Rule}");
        if (actions.IsEmpty && errors.Found.Count == before) fields.Error("actions", FieldErrorCode.Missing, $"{path}.actions must name at least one action.");
        if (fields.Text("resource", ResourcePattern.MostLength, required: true) is not { } text) return null;
        if (ResourcePattern.Parse(text, out var fault) is not { } resource)
        {
            fields.Error("resource", FieldErrorCode.BadValue, $"{path}.resource {fault}.");
            return null;
        }
        foreach (var argument in resource.Arguments.Where(argument => NamedArgument.Of(tool, argument) is null))
            fields.Error("resource", FieldErrorCode.BadValue, $"{path}.resource names {{{argument}}}, which is no property of the tool's inputSchema with the type string or integer.");
        return new ResourceNeed(actions, resource);
    }
}

using Symbolon.Core.Tools.Schemas;

namespace Symbolon.Core.Registry.Files;

/// <summary>A tool's <c>arguments</c>: what would check nothing, could not be decided, or contradicts what the tool declares is refused here, with its place.</summary>
internal static class ConstraintReader
{
    public static ToolConstraints? Read(ObjectFields fields, ManifestTool tool, FieldErrors errors)
    {
        if (fields.Json("arguments", DocumentLimits.Constraints) is not { } json) return null;
        JsonSchema.Compile(json, SchemaRules.Constraints, out var faults);
        foreach (var fault in faults) Add(fault);
        if (!faults.IsEmpty) return null;
        foreach (var fault in ConstraintFit.Find(json, tool.InputSchema)) Add(fault);
        var constraints = new ToolConstraints(json);
        foreach (var argument in tool.Needs.SelectMany(need => need.Resource.Arguments).Distinct(StringComparer.Ordinal))
            if (NamedArgument.IsOptional(constraints, argument))
                Add(new SchemaFault("required", $"must name {argument}: it is limited and says which resource is meant, but a call may leave it out, and the server then chooses"));
        return constraints;

        void Add(SchemaFault fault)
        {
            var path = fault.Path.Length == 0 ? fields.PathOf("arguments") : $"{fields.PathOf("arguments")}.{fault.Path}";
            errors.Add(path, FieldErrorCode.BadValue, $"{path} {fault.Message}.");
        }
    }
}

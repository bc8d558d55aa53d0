using System.Text.Json;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry.Files;

/// <summary><c>kind: Agent</c> and <c>kind: Workflow</c>, which have the same form: an owner and nothing else yet.</summary>
internal static class IdentityReader
{
    public static Document? ReadAgent(ObjectFields document, FieldErrors errors) =>
        Read(document, errors) is { } found ? Document.Of(new AgentObject { Name = new AgentName(found.Name), Owner = found.Owner, Labels = found.Labels }) : null;

    public static Document? ReadWorkflow(ObjectFields document, FieldErrors errors) =>
        Read(document, errors) is { } found ? Document.Of(new WorkflowObject { Name = new WorkflowName(found.Name), Owner = found.Owner, Labels = found.Labels }) : null;

    private static Metadata? Read(ObjectFields document, FieldErrors errors)
    {
        var metadata = MetadataReader.ReadOwned(document, errors, isServer: false);
        if (document.Value("spec", required: false, JsonValueKind.Object) is { } spec)
            ObjectFields.Open(spec, "spec", errors, [], "keys", "federation");
        return metadata;
    }
}

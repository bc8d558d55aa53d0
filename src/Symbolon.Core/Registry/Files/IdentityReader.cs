using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry.Files;

/// <summary>
/// <c>kind: Agent</c> and <c>kind: Workflow</c>, which have the same form: an owner, and by what it gets tokens: public keys of its own, or whom a foreign issuer knows it as.
/// </summary>
internal static class IdentityReader
{
    private const int MostKeys = 16;

    public static Document? ReadAgent(ObjectFields document, FieldErrors errors) => Read(document, errors) is { } said
        ? Document.Of(new AgentObject { Name = new AgentName(said.Found.Name), Owner = said.Found.Owner, Labels = said.Found.Labels, Keys = said.Keys, Federation = said.Federation }) : null;

    public static Document? ReadWorkflow(ObjectFields document, FieldErrors errors) => Read(document, errors) is { } said
        ? Document.Of(new WorkflowObject { Name = new WorkflowName(said.Found.Name), Owner = said.Found.Owner, Labels = said.Found.Labels, Keys = said.Keys, Federation = said.Federation }) : null;

    private static Said? Read(ObjectFields document, FieldErrors errors)
    {
        var metadata = MetadataReader.ReadOwned(document, errors, isServer: false);
        ImmutableArray<string> keys = [];
        ImmutableArray<FederatedSubject> federation = [];
        if (document.Value("spec", required: false, JsonValueKind.Object) is { } spec
            && ObjectFields.Open(spec, "spec", errors, ["keys", "federation"]) is { } fields)
        {
            keys = PublicKeyReader.Read(fields, MostKeys, errors);
            federation = FederationReader.Read(fields, errors);
        }
        return metadata is null ? null : new Said(metadata, keys, federation);
    }

    private sealed record Said(Metadata Found, ImmutableArray<string> Keys, ImmutableArray<FederatedSubject> Federation);
}

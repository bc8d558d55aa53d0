using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Registry.Files.Policies;

namespace Symbolon.Core.Registry.Files;

/// <summary>A document, or all that is wrong with it.</summary>
public sealed record DocumentReading(Document? Document, ImmutableArray<FieldError> Errors);

/// <summary>
/// Reads one document of a file. It accepts exactly the fields whose enforcement is built, names every field that it refuses, and
/// tells all errors at once (at most 100). DESIGN.md section 4, Files.
/// </summary>
/// <remarks>Knows nothing of other objects: what needs them (references, secrets in use) is checked when the document is applied.</remarks>
public static class DocumentReader
{
    public static DocumentReading Read(JsonElement element)
    {
        var errors = new FieldErrors();
        TextScan.Check(element, "", errors);
        // Names that are no text could not even be compared.
        if (errors.Found.Any(error => error.Code == FieldErrorCode.BadCharacter)) return new DocumentReading(null, [.. errors.Found]);
        var document = ReadKind(element, errors);
        return errors.Any ? new DocumentReading(null, [.. errors.Found]) : new DocumentReading(document, []);
    }

    private static Document? ReadKind(JsonElement element, FieldErrors errors)
    {
        if (ObjectFields.Open(element, "", errors, ["apiVersion", "kind", "metadata", "spec"]) is not { } fields) return null;
        if (fields.Text("apiVersion", 64, required: true) is { } version && version != Document.ApiVersion)
            fields.Error("apiVersion", FieldErrorCode.BadValue, $"apiVersion must be {Document.ApiVersion}.");
        switch (fields.Text("kind", 64, required: true))
        {
            case "Server": return ServerReader.Read(fields, errors);
            case "Agent": return IdentityReader.ReadAgent(fields, errors);
            case "Workflow": return IdentityReader.ReadWorkflow(fields, errors);
            case "Grant": return GrantReader.Read(fields, errors);
            case "Policy": return PolicyReader.Read(fields, errors);
            case "Resource": return ResourceReader.Read(fields, errors);
            case "Issuer": return IssuerReader.Read(fields, errors);
            case not null:
                fields.Error("kind", FieldErrorCode.BadValue, "kind must be Server, Agent, Workflow, Grant, Policy, Resource or Issuer.");
                break;
        }
        return null;
    }
}

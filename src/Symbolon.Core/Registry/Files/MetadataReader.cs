using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry.Files;

/// <summary><c>metadata</c>: the name of the object, who answers for it, and labels.</summary>
internal sealed record Metadata(string Name, string Owner, ImmutableSortedDictionary<string, string> Labels);

internal static class MetadataReader
{
    private const string LabelKeyRule = "1 to 63 of A-Z, a-z, 0-9, '.', '_', '-' and '/'";

    public static Metadata? ReadOwned(ObjectFields document, FieldErrors errors, bool isServer)
    {
        if (Open(document, errors, "name", "owner", "labels") is not { } fields) return null;
        var name = NameOf(fields, isServer);
        var owner = OwnerOf(fields);
        var labels = LabelsOf(fields, errors);
        return name is null || owner is null ? null : new Metadata(name, owner, labels);
    }

    /// <summary>A grant, a policy or a resource has a name alone: who answers for it is in the history.</summary>
    public static string? ReadName(ObjectFields document, FieldErrors errors) =>
        Open(document, errors, "name") is { } fields ? NameOf(fields, isServer: false) : null;

    private static ObjectFields? Open(ObjectFields document, FieldErrors errors, params string[] known) =>
        document.Value("metadata", required: true, JsonValueKind.Object) is { } metadata
            ? ObjectFields.Open(metadata, "metadata", errors, known)
            : null;

    private static string? NameOf(ObjectFields fields, bool isServer)
    {
        if (fields.Text("name", 1024, required: true) is not { } name) return null;
        if (isServer ? ServerName.IsValid(name) : ObjectName.IsValid(name)) return name;
        fields.Error("name", FieldErrorCode.BadName, $"metadata.name must be {(isServer ? ServerName.Rule : ObjectName.Rule)}.");
        return null;
    }

    private static string? OwnerOf(ObjectFields fields)
    {
        if (fields.Text("owner", 1024, required: true) is not { } owner) return null;
        if (UserEmail.TryParse(owner, out var email)) return email.Value;
        fields.Error("owner", FieldErrorCode.BadValue, $"metadata.owner must be {UserEmail.Rule}.");
        return null;
    }

    public static ImmutableSortedDictionary<string, string> LabelsOf(ObjectFields fields, FieldErrors errors)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (fields.Value("labels", required: false, JsonValueKind.Object) is not { } found) return labels.ToImmutable();
        foreach (var label in found.EnumerateObject())
        {
            var at = TextScan.Join(fields.PathOf("labels"), label.Name);
            if (!IsLabelKey(label.Name)) errors.Add(at, FieldErrorCode.BadName, $"The name of a label must be {LabelKeyRule}.");
            else if (label.Value.ValueKind != JsonValueKind.String) errors.Add(at, FieldErrorCode.WrongType, $"{at} must be a text.");
            else if (label.Value.GetString()!.Length > DocumentLimits.LabelValue) errors.Add(at, FieldErrorCode.TooLong, $"{at} may have at most {DocumentLimits.LabelValue} characters.");
            else labels[label.Name] = label.Value.GetString()!;
        }
        if (labels.Count > DocumentLimits.Labels) fields.Error("labels", FieldErrorCode.TooMany, $"{fields.PathOf("labels")} may have at most {DocumentLimits.Labels} labels.");
        return labels.ToImmutable();
    }

    private static bool IsLabelKey(string key) =>
        key.Length is > 0 and <= 63 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/');
}

using System.Text;
using System.Text.Json;
using Symbolon.Admin.Sources;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Admin.Policies;

/// <summary>The text of one policy's file, as somebody writes it: YAML, or JSON.</summary>
internal sealed class PolicyText
{
    /// <summary>Characters. A page's form may have 512 KiB.</summary>
    public const int Most = 400_000;

    private const string Name = "policy";
    private const string Prefix = "documents[0]";
    private readonly SourceDocument? document;

    private PolicyText(SourceDocument? document, IReadOnlyList<SourceError> errors) => (this.document, Errors) = (document, errors);

    /// <summary>What is wrong with it, in the order of its lines; empty where it is one policy in order.</summary>
    public IReadOnlyList<SourceError> Errors { get; }

    /// <summary>As JSON; only where there is no error.</summary>
    public JsonElement Json => document!.Json;

    /// <param name="expected">The policy that it has to be about; null for any.</param>
    public static PolicyText Read(string text, PolicyName? expected)
    {
        if (text.Length > Most) return Wrong($"A file may have at most {Most} characters here; it has {text.Length}. symbolon apply -f takes more.");
        var reading = text.TrimStart().StartsWith('{') ? JsonReader.Read(Name, Encoding.UTF8.GetBytes(text)) : YamlReader.Read(Name, text);
        if (reading.Errors.Count > 0) return new PolicyText(null, InOrder(reading.Errors));
        if (reading.Documents is not [var document]) return Wrong(reading.Documents.Count == 0 ? "There is no policy in it." : "There are several documents in it; this page changes one policy. symbolon apply -f takes several.");
        var (read, faults) = DocumentReader.Read(document.Json);
        if (faults.Length > 0) return new PolicyText(document, InOrder(faults.Select(fault => document.Error(fault.Path, fault.Message))));
        if (read is not Document.Policy { Object: var policy }) return new PolicyText(document, [document.Error("kind", "kind must be Policy: this page changes policies alone.")]);
        return new PolicyText(document, expected is { } name && policy.Name != name ? [document.Error("metadata.name", $"metadata.name must be {name}: this page changes that policy alone.")] : []);
    }

    /// <summary>Which policy it is about; null where that cannot be read.</summary>
    public PolicyName? Policy => document is not null && DocumentReader.Read(document.Json).Document is Document.Policy { Object: var policy } ? policy.Name : null;

    /// <summary>What was found wrong when it was planned or applied, at its places.</summary>
    public IReadOnlyList<SourceError> PlacesOf(IEnumerable<FieldError> faults) =>
        InOrder(faults.Select(fault => document!.Error(fault.Path.StartsWith(Prefix, StringComparison.Ordinal) ? fault.Path[Prefix.Length..].TrimStart('.') : fault.Path, fault.Message.Replace(Prefix + ".", "", StringComparison.Ordinal))));

    /// <summary>A policy as its file, in YAML.</summary>
    public static string Of(PolicyObject policy)
    {
        using var json = JsonDocument.Parse(DocumentWriter.Write(Document.Of(policy)));
        return YamlText.Write(json.RootElement);
    }

    private static PolicyText Wrong(string message) => new(null, [new SourceError(Name, SourcePlace.Start, "", message)]);

    private static List<SourceError> InOrder(IEnumerable<SourceError> errors) => [.. errors.OrderBy(error => error.At.Line).ThenBy(error => error.At.Column)];
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Admin.Sources;
using Symbolon.Cli.Output;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Cli.Importing;

/// <summary>The <c>kind: Server</c> file of what was imported, with what it lacks as comments.</summary>
internal sealed record ManifestDraft(JsonElement Json, IReadOnlyList<string> Faults, IReadOnlyList<string> Remarks, string Source)
{
    private const int MostComments = 100;
    private const string NoOwner = "nobody@example.invalid";
    private static readonly UpstreamAddress Nowhere = new UpstreamAddress.Http { Url = new Uri("http://127.0.0.1/mcp") };

    /// <summary>Nothing of the description is missing but what somebody has to decide.</summary>
    public bool IsWhole => Faults.Count == 0;

    /// <exception cref="CommandException">What came together is no file.</exception>
    public static ManifestDraft Of(ImportedServer imported, string? name, string? owner)
    {
        var server = new ServerName(name ?? NameOf(imported.Name));
        var faults = imported.Faults.ToList();
        var manifest = new ServerManifest { Owner = owner ?? NoOwner, Upstream = imported.Upstream ?? Nowhere, Tools = imported.Tools };
        var document = JsonSerializer.SerializeToElement(JsonNode.Parse(DocumentWriter.Write(new Document.Server(server, manifest)).Span));
        var errors = DocumentReader.Read(document).Errors;
        // A command that was found by its name alone is none that can be started from anywhere.
        if (errors.Any(error => error.Path.StartsWith("spec.upstream", StringComparison.Ordinal)))
        {
            faults.AddRange(errors.Where(error => error.Path.StartsWith("spec.upstream", StringComparison.Ordinal)).Select(error => error.Message));
            imported.Upstream = null;
        }
        var others = errors.Where(error => !error.Path.StartsWith("spec.upstream", StringComparison.Ordinal)).Select(error => error.Message).ToList();
        if (others.Count > 0) throw new CommandException(ExitCode.Error, "invalid", "What was imported is no file.") { Details = others };
        var json = JsonNode.Parse(document.GetRawText())!.AsObject();
        if (owner is null)
        {
            json["metadata"]!.AsObject().Remove("owner");
            faults.Add("metadata.owner is missing, who answers for the server: add it, or say --owner EMAIL");
        }
        if (imported.Upstream is null)
        {
            json["spec"]!.AsObject().Remove("upstream");
            faults.Add("spec.upstream is missing, where the server is: add it, or say --url URL or, behind --, its command");
        }
        return new ManifestDraft(JsonSerializer.SerializeToElement(json), faults, imported.Remarks, imported.Source);
    }

    /// <summary>The file, with a comment for each fault and remark.</summary>
    public string ToYaml()
    {
        var text = new StringBuilder();
        Comment(text, $"Imported from {Source}.");
        Comments(text, "To be settled, because it is not in here:", Faults);
        Comments(text, "To be known:", Remarks);
        return text.Append(YamlText.Write(Json)).ToString();
    }

    private static void Comments(StringBuilder text, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count > 0) Comment(text, title);
        foreach (var line in lines.Take(MostComments)) Comment(text, $"- {line}");
        if (lines.Count > MostComments) Comment(text, $"- and {lines.Count - MostComments} more.");
    }

    /// <summary>Whatever it says, it stays on its line.</summary>
    private static void Comment(StringBuilder text, string line) => text.Append("# ").Append(PlainText.OneLine(line)).Append('\n');

    /// <summary>A name of ours that is like the one that the description has.</summary>
    private static string NameOf(string? described)
    {
        var letters = (described ?? "").ToLowerInvariant().Select(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) ? letter : '-').ToArray();
        var name = new string(letters).TrimStart('-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        name = (name.Length > 31 ? name[..31] : name).TrimEnd('-');
        return ServerName.IsValid(name) ? name : "imported";
    }
}

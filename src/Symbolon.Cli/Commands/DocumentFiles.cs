using Symbolon.Admin.Sources;
using Symbolon.Cli.Files;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Cli.Commands;

/// <summary>Reads files and checks each document by the rules that the server has, too.</summary>
internal static class DocumentFiles
{
    /// <summary>Tools that are told one by one, of each server.</summary>
    private const int MostTexts = 20;

    /// <param name="today">In UTC, where days that have passed are errors, too; null where the server is asked next, whose clock counts.</param>
    public static async Task<SourceReading> ReadAsync(CommandRun run, IEnumerable<string> names, DateOnly? today = null)
    {
        // Nothing was checked or found wrong: a misspelt folder must neither pass nor look like a finding.
        var missing = names.Where(name => name != "-" && !Path.Exists(name)).ToList();
        if (missing.Count > 0) throw CommandException.Usage($"There is no such file or folder: {string.Join(", ", missing)}.");
        await using var input = run.Outside.Input();
        var reading = await SourceFiles.ReadAsync(names, input, run.Cancellation);
        var errors = reading.Errors.ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var source in reading.Documents)
        {
            var (document, faults) = DocumentReader.Read(source.Json);
            errors.AddRange(faults.Select(fault => source.Error(fault.Path, fault.Message)));
            if (document is not null && today is { } day) errors.AddRange(ExpiredDays.In(document, day, "").Select(fault => source.Error(fault.Path, fault.Message)));
            if (document is not null && !seen.Add(document.Key.ToString())) errors.Add(source.Error("metadata.name", $"{document.Key} is described twice."));
        }
        return new SourceReading(reading.Documents, errors);
    }

    /// <summary>The documents, or the end of the command with all that is wrong with them.</summary>
    public static async Task<IReadOnlyList<SourceDocument>> ReadValidAsync(CommandRun run, IEnumerable<string> names)
    {
        var reading = await ReadAsync(run, names);
        if (reading.Errors.Count > 0) throw Invalid(reading.Errors);
        if (reading.Documents.Count == 0) throw Empty();
        return reading.Documents;
    }

    /// <summary>What is no error and yet to be looked at before anybody approves it.</summary>
    public static void WarnOfTexts(Screen screen, IReadOnlyList<SourceDocument> documents)
    {
        foreach (var source in documents)
        {
            if (DocumentReader.Read(source.Json).Document is not Document.Server { Manifest: var manifest }) continue;
            var differing = ShownDefinition.Differing(manifest).ToList();
            foreach (var tool in differing.Take(MostTexts)) screen.Warn(source.Error($"spec.tools[{manifest.Tools.IndexOf(tool)}]", $"{tool.Name}: {ShownDefinition.Differs}").ToString());
            if (differing.Count > MostTexts) screen.Warn(source.Error("spec.tools", $"{differing.Count - MostTexts} more tools have no digest of what the file shows").ToString());
        }
    }

    /// <summary>Agents and workflows whose subjects of one issuer overlap: a token that fits both is refused, since nobody can tell which of them it is.</summary>
    public static void WarnOfFederation(Screen screen, IReadOnlyList<SourceDocument> documents)
    {
        var said = documents.SelectMany(source => DocumentReader.Read(source.Json).Document is Document.Identity { Object: var identity }
            ? identity.Federation.Select((each, i) => (Source: source, identity.Key, Each: each, At: $"spec.federation[{i}]")) : []).ToList();
        for (var i = 0; i < said.Count; i++)
        {
            var (source, key, each, at) = said[i];
            var other = said.Take(i).FirstOrDefault(before => before.Key != key && before.Each.Issuer == each.Issuer && before.Each.Subject.Overlaps(each.Subject));
            if (other.Source is not null) screen.Warn(source.Error(at, $"some subjects are those of {other.Key.InWords} too, and who comes as one of them is refused").ToString());
        }
    }

    public static CommandException Empty() => CommandException.Usage("There is no document in these files.", "Of a folder, .yaml, .yml and .json are read.");

    public static CommandException Invalid(IReadOnlyList<SourceError> errors) =>
        new(ExitCode.Error, "invalid", errors.Count == 1 ? "The files have an error; nothing was changed." : $"The files have {errors.Count} errors; nothing was changed.")
        {
            Details = [.. errors.Select(error => error.ToString())],
        };
}

using System.CommandLine;
using System.Text.Json;
using Symbolon.Cli.Auditing;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon audit verify</c>: recomputes the chain here, from a file or from the server's export.</summary>
internal static class VerifyCommand
{
    public static Command Build(Outside outside)
    {
        var file = new Argument<string?>("FILE") { Description = "An export, or - for standard input; default: export from the server", Arity = ArgumentArity.ZeroOrOne };
        var head = new Option<string?>("--head") { Description = "The hash that the last record must have, as known from elsewhere", HelpName = "HASH" };
        var from = new Option<long>("--from") { Description = "The record with which the file begins, where only a part was exported", HelpName = "SEQ", DefaultValueFactory = _ => 1, CustomParser = WholeNumber.Read<long> };
        return new Command("verify", "Recompute the chain; needs no server for a file") { file, head, from }.Does(outside, async run =>
        {
            if (run.Value(head) is { } known && !(known.Length == 64 && known.All(char.IsAsciiHexDigitLower)))
                throw CommandException.Usage("--head must be 64 lower-case hexadecimal digits, as an earlier audit verify told them.");
            var report = run.Optional(file) is { } name
                ? await FromFileAsync(run, name, run.Value(head), run.Value(from))
                : await ServerChain.VerifyAsync(run.Client, run.Value(head), run.Cancellation);
            return Show(run.Screen, report);
        });
    }

    private static async Task<ChainReport> FromFileAsync(CommandRun run, string name, string? head, long from)
    {
        await using var records = name == "-" ? run.Outside.Input() : File.OpenRead(name);
        var report = await ChainReport.OfAsync(records, head is null ? null : new KnownHead(null, head), run.Cancellation);
        return report.Verdict == ChainVerdict.Verified && report.FirstSeq != from
            ? report with { Verdict = ChainVerdict.Unreadable, Message = $"The file begins with record {report.FirstSeq}, not {from}: what came before is missing. If that is the part that was exported, say so with --from {report.FirstSeq}." }
            : report;
    }

    private static ExitCode Show(Screen screen, ChainReport report)
    {
        if (screen.Format != OutputFormat.Table)
            screen.ShowWhole(JsonSerializer.SerializeToElement(new
            {
                verdict = report.Verdict.ToString().ToLowerInvariant(),
                records = report.Records,
                first = report.FirstSeq,
                last = report.LastSeq,
                hash = report.Hash,
                message = report.Message,
            }));
        else if (report.Verdict == ChainVerdict.Verified)
            screen.Line(report.Message);
        return report.Verdict switch
        {
            ChainVerdict.Verified => ExitCode.Ok,
            ChainVerdict.Tampered => throw new CommandException(ExitCode.Findings, "tampered", report.Message),
            _ => throw new CommandException(ExitCode.Error, "not_verifiable", report.Message),
        };
    }
}

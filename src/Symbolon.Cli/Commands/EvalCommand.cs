using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Symbolon.Cli.Expressions;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon policy eval</c>: evaluates expressions here, a line each.</summary>
internal static class EvalCommand
{
    /// <summary>Characters of a line; as many as a file's longest expression takes with what is bound.</summary>
    private const int MostLine = 1 << 20;

    /// <summary>As they are, for people who look at them.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    public static Command Build(Outside outside)
    {
        var file = new Argument<string?>("FILE") { Description = "JSON Lines {id, expr, bindings?, …}, or - for standard input (default)", Arity = ArgumentArity.ZeroOrOne };
        return new Command("eval", "Evaluate CEL expressions; needs no server") { file }.Does(outside, async run =>
        {
            var name = run.Optional(file) ?? "-";
            if (name != "-" && !File.Exists(name)) throw CommandException.Usage($"There is no such file: {name}.");
            using var lines = new StreamReader(name == "-" ? run.Outside.Input() : File.OpenRead(name));
            for (var number = 1; await lines.ReadLineAsync(run.Cancellation) is { } line; number++)
            {
                if (line.Length == 0) continue;
                var answer = line.Length > MostLine ? new() { ["id"] = null, ["error"] = $"line {number} has more than {MostLine} characters" } : ExpressionLine.Answer(line, number);
                run.Screen.Line(answer.ToJsonString(Plain));
            }
            return ExitCode.Ok;
        });
    }
}

using System.CommandLine;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Invocation;

internal static class CommandAction
{
    /// <summary>Gives a command its work. What it throws becomes a message and an exit code here, and nowhere else.</summary>
    public static Command Does(this Command command, Outside outside, Func<CommandRun, Task<ExitCode>> work)
    {
        command.SetAction(async (parsed, cancellation) => (int)await RunAsync(parsed, outside, work, cancellation));
        return command;
    }

    public static Command Does(this Command command, Outside outside, Func<CommandRun, Task> work) =>
        command.Does(outside, async run =>
        {
            await work(run);
            return ExitCode.Ok;
        });

    /// <summary>The screen that the global options ask for.</summary>
    public static Screen ScreenOf(ParseResult parsed, Outside outside) => new(outside.Output, outside.Error, new ScreenOptions
    {
        Format = GlobalOptions.FormatOf(parsed),
        Quiet = parsed.GetValue(GlobalOptions.Quiet),
        NoHeaders = parsed.GetValue(GlobalOptions.NoHeaders),
        ToTerminal = outside.OutputIsTerminal,
        Coloured = CellColour.IsWanted(outside.OutputIsTerminal, outside.Variable),
    });

    private static async Task<ExitCode> RunAsync(ParseResult parsed, Outside outside, Func<CommandRun, Task<ExitCode>> work, CancellationToken cancellation)
    {
        var screen = ScreenOf(parsed, outside);
        try
        {
            using var run = new CommandRun(parsed, outside, screen, cancellation);
            return await work(run);
        }
        catch (CommandException failure)
        {
            screen.Fail(failure);
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            screen.Fail(new CommandException(ExitCode.Error, "io_error", fault.Message));
            return ExitCode.Error;
        }
        catch (Exception bug)
        {
            // The last place that could say anything: a fault of ours, told with all that helps to find it.
            screen.Fail(new CommandException(ExitCode.Error, "internal_error", $"{bug.GetType().Name}: {bug.Message}") { Details = bug.StackTrace?.Split('\n') ?? [] });
            return ExitCode.Error;
        }
    }
}

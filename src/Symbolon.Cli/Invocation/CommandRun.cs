using System.CommandLine;
using Symbolon.Cli.Api;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Invocation;

/// <summary>One execution of a command: what was typed, where to write, and the server to ask.</summary>
internal sealed class CommandRun(ParseResult parsed, Outside outside, Screen screen, CancellationToken cancellation) : IDisposable
{
    private AdminClient? client;

    public Outside Outside => outside;
    public Screen Screen => screen;
    public CancellationToken Cancellation => cancellation;

    /// <summary>The admin API of <c>SYMBOLON_URL</c> under <c>SYMBOLON_TOKEN</c>.</summary>
    public AdminClient Client => client ??= new AdminClient(AdminAddress.FromEnvironment(outside.Variable), outside.Handler());

    /// <summary>Reads address and token anew for the next request.</summary>
    public void Reconnect()
    {
        client?.Dispose();
        client = null;
    }

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    public T Value<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    public T? Optional<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>Asks before something is destroyed or stopped. Without a terminal it must have been answered with <c>--yes</c>.</summary>
    /// <exception cref="CommandException">The answer is not yes, or nobody can be asked.</exception>
    public async Task ConfirmAsync(Option<bool> yes, string question)
    {
        if (parsed.GetValue(yes)) return;
        if (!outside.InputIsTerminal) throw CommandException.Usage($"{question} Nobody can be asked here.", "Add --yes.");
        await AskAsync(question);
    }

    /// <summary>Asks the person at the terminal.</summary>
    /// <exception cref="CommandException">The answer is not yes.</exception>
    public async Task AskAsync(string question)
    {
        await outside.Error.WriteAsync($"{PlainText.OneLine(question)} [y/N] ");
        using var reader = new StreamReader(outside.Input());
        if ((await reader.ReadLineAsync(cancellation))?.Trim() is not ("y" or "Y" or "yes"))
            throw new CommandException(ExitCode.Error, "not_confirmed", "Nothing was changed.");
    }

    public void Dispose() => client?.Dispose();
}

using Symbolon.Cli;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.SigningIn;
using Symbolon.Gateway.Upstreams.Supervision;
using Symbolon.Server.Files;
using Symbolon.Server.Outbound;

// Not a command of people: the program starts itself so, to look after a server's process.
if (args is [Supervisor.Command, .. var order]) return Supervisor.Run(order, DiskFiles.Instance, Console.Error);

return await CommandLine.RunAsync(args, new Outside
{
    Output = Console.Out,
    OutputStream = Console.OpenStandardOutput,
    Error = Console.Error,
    Input = Console.OpenStandardInput,
    InputIsTerminal = !Console.IsInputRedirected,
    OutputIsTerminal = !Console.IsOutputRedirected,
    HiddenLine = Console.IsInputRedirected ? null : HiddenLine.Read,
    OpenBrowser = Browser.Open,
    Variable = Environment.GetEnvironmentVariable,
    Handler = OperatorHandler.Create,
    Clock = TimeProvider.System,
});

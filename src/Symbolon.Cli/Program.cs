using Symbolon.Cli;
using Symbolon.Cli.Invocation;
using Symbolon.Server.Outbound;

return await CommandLine.RunAsync(args, new Outside
{
    Output = Console.Out,
    OutputStream = Console.OpenStandardOutput,
    Error = Console.Error,
    Input = Console.OpenStandardInput,
    InputIsTerminal = !Console.IsInputRedirected,
    OutputIsTerminal = !Console.IsOutputRedirected,
    Variable = Environment.GetEnvironmentVariable,
    Handler = OperatorHandler.Create,
    Clock = TimeProvider.System,
});

using Symbolon.Cli.Output;
using Symbolon.Server.Background;
using Symbolon.Server.Hosting;
using Symbolon.Server.Sealing;

namespace Symbolon.Cli.Commands;

/// <summary>Why a server in this process does not start, or stopped by itself, as it ends a command.</summary>
internal static class ServerFaults
{
    /// <returns>Null for a fault that is none of the operator's.</returns>
    public static CommandException? Explain(Exception fault) => fault switch
    {
        InvalidOptionsException invalid => new CommandException(ExitCode.Usage, "invalid_settings", "The settings cannot be used.") { Details = invalid.Errors },
        StartException or MasterKeyException => new CommandException(ExitCode.Error, "cannot_start", fault.Message),
        LeaseLostException => new CommandException(ExitCode.Error, "lease_lost", fault.Message),
        _ => null,
    };
}

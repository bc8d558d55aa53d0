using System.ComponentModel;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway.Upstreams.Channels;
using Symbolon.Gateway.Upstreams.Credentials;
using Symbolon.Gateway.Upstreams.Runner;
using Symbolon.Gateway.Upstreams.Supervision;

namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>
/// Starts the processes of one approved version of a server. Before every start it is asked again whether that version is still
/// approved, and whether its files are still those that were.
/// </summary>
internal sealed partial class StdioChannels(
    OrganisationId organisation, ServerName server, ManifestVersion approved, UpstreamAddress.Stdio address, StdioHost host, Configuration configuration,
    ProcessCredential held, SecretFiles secrets, IPinnedFiles files, IPinAlarm alarm, GatewayOptions limits, TimeProvider clock, ILogger log) : IChannelFactory
{
    private const long MiB = 1024 * 1024;

    private int warned;

    public async ValueTask<IMessageChannel> OpenAsync(CancellationToken cancellation)
    {
        if (host.WhyNot() is { } why) throw new UpstreamFault(ReasonCode.UpstreamUnreachable, why);
        if (configuration.Server(organisation, server) is not { State: Lifecycle.Active, Approved: { } now } || now.Number != approved.Number)
            throw Suspended("The server is not approved any more.");
        await held.Prepare(cancellation);
        var credential = held.Shown();
        if (credential is CredentialHeader.Unusable unusable) throw Suspended(unusable.Why);
        var file = credential is CredentialHeader.Reference ? FileFor() : null;
        try
        {
            var pipes = await OpenPipesAsync(credential, file, cancellation);
            return new StdioProcess(file is null ? pipes : new FiledPipes(pipes, file), server.Value, approved.Manifest.Limits?.AnswerBytes ?? limits.MaxAnswerBytes, clock, log);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    private Task<IServerPipes> OpenPipesAsync(CredentialHeader credential, SecretFile? file, CancellationToken cancellation)
    {
        (string Name, string Value)? secret = credential switch
        {
            CredentialHeader.Variable variable => (variable.Name, variable.Value),
            CredentialHeader.Reference reference => (reference.Name, file!.Path),
            _ => null,
        };
        // Asked again here: what is started must not depend on who let it into the store.
        var names = address.Env.Keys.Concat(secret is { Name: var name } ? [name] : []);
        if (!names.All(EnvName.IsAllowed)) throw Suspended("The registration of this server sets a variable that it may not.");
        return host.ConnectRunner is { } connect ? AskRunnerAsync(connect, secret, cancellation) : StartAsync(secret, file, cancellation);
    }

    private SecretFile FileFor()
    {
        // The runner's processes have another user, who could not read it.
        if (host.ConnectRunner is not null)
            throw new UpstreamFault(ReasonCode.UpstreamUnreachable, "This server reads its secret from a file of the gateway's user, which a process of 'symbolon runner' cannot.");
        try
        {
            return secrets.Create(organisation, server, held.Shown);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNoFile(server.Value, failure.Message);
            throw UpstreamFault.Unreachable();
        }
    }

    private async Task<IServerPipes> StartAsync((string Name, string Value)? secret, SecretFile? file, CancellationToken cancellation)
    {
        if (await CommandPin.CheckAsync(address, files, cancellation) is { } fault) throw await ChangedAsync(fault, cancellation);
        if (Interlocked.Exchange(ref warned, 1) == 0) LogChild(server.Value);
        try
        {
            return SupervisedProcess.Start(
                host.Supervisor, Order(), ProcessEnvironment.Of(address, secret, Environment.GetEnvironmentVariable), server.Value, file is null ? secret?.Value : null,
                clock, log, file is null ? null : file.IsIn);
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            LogNotStarted(server.Value, e);
            throw UpstreamFault.Unreachable();
        }
    }

    /// <summary>The runner compares the files itself: it is its view of them that counts.</summary>
    private async Task<IServerPipes> AskRunnerAsync(Func<CancellationToken, ValueTask<Socket>> connect, (string Name, string Value)? secret, CancellationToken cancellation)
    {
        try
        {
            return await RunnerPipes.OpenAsync(
                await connect(cancellation), RunnerOrder.For(server.Value, address, secret, Order()), host.RunnerUser, mayBeOurUser: host.ListensOnLoopbackAlone(), cancellation);
        }
        catch (RunnerRefusal refusal) when (refusal.Fault is { } fault && fault.IsOf(address))
        {
            throw await ChangedAsync(fault.ToPinFault(), cancellation);
        }
        catch (Exception e) when (e is RunnerRefusal or SocketException or IOException)
        {
            LogNoRunner(server.Value, e.Message);
            throw UpstreamFault.Unreachable();
        }
    }

    private SupervisorOrder Order() => new()
    {
        Owner = Environment.ProcessId,
        Memory = limits.MaxProcessMemory * MiB,
        Cpu = (long)Math.Ceiling(limits.MaxProcessCpu.TotalSeconds),
        Processes = limits.MaxProcessChildren,
        Total = limits.MaxProcessTotalMemory * MiB,
        Folder = address.Cwd ?? UpstreamAddress.Stdio.UsualFolder,
        Digests = address.Digests,
        Command = [address.Command, .. address.Args],
    };

    private async Task<UpstreamFault> ChangedAsync(PinFault fault, CancellationToken cancellation)
    {
        await AlarmAsync(fault, cancellation);
        return Suspended("A file of this server is not the one that was approved.");
    }

    /// <summary>Whether or not the alarm is heard, the process is not started.</summary>
    private async Task AlarmAsync(PinFault fault, CancellationToken cancellation)
    {
        LogChanged(server.Value, fault.Code, fault.Path);
        try
        {
            await alarm.RaiseAsync(organisation, server, approved.Number, fault, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotHeard(server.Value, e);
        }
    }

    private static UpstreamFault Suspended(string why) => new(ReasonCode.ServerSuspended, why);

    [LoggerMessage(EventId = 2417, Level = LogLevel.Error, Message = "Server {Server} is not started: the file with its secret cannot be written: {Why}")]
    private partial void LogNoFile(string server, string why);

    [LoggerMessage(EventId = 2415, Level = LogLevel.Warning, Message = "Server {Server} is started by the gateway itself: it can read what the gateway's user can, its data folder too. 'symbolon runner' starts it under another user")]
    private partial void LogChild(string server);

    [LoggerMessage(EventId = 2411, Level = LogLevel.Error, Message = "Server {Server} is not started: {Fault} at {Path}")]
    private partial void LogChanged(string server, string fault, string path);

    [LoggerMessage(EventId = 2412, Level = LogLevel.Error, Message = "That files of server {Server} changed could not be recorded")]
    private partial void LogNotHeard(string server, Exception fault);

    [LoggerMessage(EventId = 2413, Level = LogLevel.Error, Message = "The supervisor of server {Server} could not be started")]
    private partial void LogNotStarted(string server, Exception fault);

    [LoggerMessage(EventId = 2414, Level = LogLevel.Error, Message = "Server {Server} was not started by the runner: {Why}")]
    private partial void LogNoRunner(string server, string why);
}

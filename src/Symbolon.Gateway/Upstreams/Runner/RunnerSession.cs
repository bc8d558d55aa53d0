using System.ComponentModel;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Registry;
using Symbolon.Gateway.Upstreams.Stdio;

namespace Symbolon.Gateway.Upstreams.Runner;

/// <summary>
/// The runner's side of one connection: an order, an answer, then the bytes of one process both ways. It ends the process with all
/// that it started when the connection is closed, whoever closed it.
/// </summary>
/// <param name="supervisor">The program that supervises a server's process, and its first arguments.</param>
/// <param name="files">As this process sees them.</param>
public sealed partial class RunnerSession(IReadOnlyList<string> supervisor, IPinnedFiles files, TimeProvider clock, ILogger log)
{
    /// <summary>Time to send an order.</summary>
    public static readonly TimeSpan OrderWithin = TimeSpan.FromSeconds(5);

    /// <param name="socket">Of a peer that may give orders. Left to the caller to dispose.</param>
    /// <param name="stop">Ends the process.</param>
    /// <returns>When nothing of the process is left.</returns>
    public async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        try
        {
            if (await StartAsync(stream, stop) is not { } process) return;
            await new RunnerRelay(socket, stream, process).RunAsync(stop);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // Gone before there was a process, or we stop.
        }
    }

    private async Task<SupervisedProcess?> StartAsync(NetworkStream stream, CancellationToken stop)
    {
        byte[]? json;
        using (var late = new CancellationTokenSource(OrderWithin, clock))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop))
            json = await Frame.ReadAsync(stream, RunnerOrder.MostBytes, either.Token);
        if (json is null || RunnerOrder.Read(json) is not { } order)
        {
            LogNoOrder();
            await SayAsync(stream, new RunnerAnswer { Why = "The runner takes this for no order." }, stop);
            return null;
        }
        var address = order.ToAddress();
        if (await CommandPin.CheckAsync(address, files, stop) is { } fault)
        {
            LogChanged(order.Server, fault.Code, fault.Path);
            await SayAsync(stream, new RunnerAnswer { Why = "A file is not the one that was approved.", Fault = RunnerFault.Of(fault, address) }, stop);
            return null;
        }
        SupervisedProcess process;
        try
        {
            process = SupervisedProcess.Start(
                supervisor, order.ToSupervisor(Environment.ProcessId), ProcessEnvironment.Of(address, order.Credential, Environment.GetEnvironmentVariable), order.Server,
                order.Secret, clock, log);
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            LogNotStarted(order.Server, e);
            await SayAsync(stream, new RunnerAnswer { Why = "The runner could not start a supervisor." }, stop);
            return null;
        }
        try
        {
            await SayAsync(stream, new RunnerAnswer { Started = true }, stop);
            return process;
        }
        catch
        {
            process.End(isWriting: false);
            throw;
        }
    }

    private static Task SayAsync(Stream stream, RunnerAnswer answer, CancellationToken cancellation) =>
        Frame.WriteAsync(stream, JsonSerializer.SerializeToUtf8Bytes(answer, RunnerJson.Default.RunnerAnswer), cancellation);

    [LoggerMessage(EventId = 2421, Level = LogLevel.Warning, Message = "An order was refused: it cannot be read, or asks for what no registration may")]
    private partial void LogNoOrder();

    [LoggerMessage(EventId = 2422, Level = LogLevel.Error, Message = "Server {Server} is not started: {Fault} at {Path}")]
    private partial void LogChanged(string server, string fault, string path);

    [LoggerMessage(EventId = 2423, Level = LogLevel.Error, Message = "The supervisor of server {Server} could not be started")]
    private partial void LogNotStarted(string server, Exception fault);
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway.Upstreams.Credentials;

namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>
/// Keeps the files of all processes that read their secret from one: what is another one now is in the file within a second, and the file of a server that is
/// suspended is gone before its process has ended.
/// </summary>
internal sealed partial class SecretFiles(StdioHost host, Configuration configuration, TimeProvider clock, ILogger<SecretFiles> log) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<SecretFile, byte> files = new();

    /// <exception cref="IOException">There is no place for it, or it cannot be written.</exception>
    public SecretFile Create(OrganisationId organisation, ServerName server, Func<CredentialHeader> shown)
    {
        var folder = host.SecretFolder ?? throw new IOException("There is no folder for files of secrets.");
        var file = new SecretFile(folder(), organisation, server, shown, ended => files.TryRemove(ended, out _));
        files[file] = 0;
        try
        {
            file.Refresh(IsServed(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
        return file;
    }

    /// <summary>What has changed since it was looked at last.</summary>
    public void Refresh()
    {
        foreach (var file in files.Keys)
            try
            {
                file.Refresh(IsServed(file));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                LogNotWritten(file.Server.Value, failure.Message);
            }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Refresh();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    public override void Dispose()
    {
        foreach (var file in files.Keys) file.Dispose();
        base.Dispose();
    }

    private bool IsServed(SecretFile file) => configuration.Server(file.Organisation, file.Server) is { State: Lifecycle.Active, Approved: not null };

    [LoggerMessage(EventId = 2416, Level = LogLevel.Error, Message = "The file with the secret of server {Server} could not be written: {Why}")]
    private partial void LogNotWritten(string server, string why);
}

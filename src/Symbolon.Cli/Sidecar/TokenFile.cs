using Symbolon.Client;
using Symbolon.Client.Credentials;

namespace Symbolon.Cli.Sidecar;

/// <summary>The credential of the moment in a file, for servers that can only read one. There is never one in it that is over: then there is no file.</summary>
/// <param name="log">Told of each change for the worse or the better.</param>
internal sealed class TokenFile(string path, ServerCredential credential, Action<string> log)
{
    /// <summary>The credential itself says when it is time for the next one; a look costs nothing.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private string? written;
    private string? failure;

    /// <summary>Keeps it until it is told to stop, and takes it away then.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await RefreshAsync(stop);
                await Task.Delay(Pause, credential.Clock, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Remove();
        }
    }

    private async Task RefreshAsync(CancellationToken stop)
    {
        try
        {
            var token = (await credential.OwnAsync(stop)).Text;
            if (token != written) PrivateFile.Write(path, token);
            written = token;
            Tell(null);
        }
        catch (SymbolonException refused)
        {
            // Whoever sees that the file is gone finds the reason already told.
            Tell(refused.Code);
            Remove();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Tell(fault.GetType().Name);
        }
    }

    private void Remove()
    {
        try
        {
            File.Delete(path);
            written = null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Tell(fault.GetType().Name);
        }
    }

    private void Tell(string? now)
    {
        if (now == failure) return;
        failure = now;
        log(now is null ? $"{path} holds the credential again." : $"{path} cannot be refreshed: {now}");
    }
}

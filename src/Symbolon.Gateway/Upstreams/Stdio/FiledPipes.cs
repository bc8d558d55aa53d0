namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>A running server with the file that it reads its secret from, which goes when it has ended.</summary>
internal sealed class FiledPipes(IServerPipes pipes, SecretFile file) : IServerPipes
{
    public Stream Output => pipes.Output;

    public Stream Input => pipes.Input;

    public void Attend(Action ended) => pipes.Attend(ended);

    public void End(bool isWriting)
    {
        // Calls that are open may still need it until the process has ended.
        try
        {
            pipes.End(isWriting);
        }
        finally
        {
            file.Dispose();
        }
    }
}

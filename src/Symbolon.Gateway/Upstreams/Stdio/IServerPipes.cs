namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>The two ends of a running server: what it reads, what it writes, and how all of it is ended.</summary>
internal interface IServerPipes
{
    /// <summary>What the server writes. Read by one thread, which may be kept waiting.</summary>
    Stream Output { get; }

    /// <summary>What the server reads. Written by one thread, which may be kept waiting.</summary>
    Stream Input { get; }

    /// <summary>Called once, before anything is read or written.</summary>
    /// <param name="ended">Called when the server has ended by itself; on any thread, perhaps more than once, perhaps never.</param>
    void Attend(Action ended);

    /// <summary>Ends the server with all that it started, as far as that can be done from here. Blocks; called once.</summary>
    /// <param name="isWriting">Whether <see cref="Input"/> is being written to, and cannot be closed.</param>
    void End(bool isWriting);
}

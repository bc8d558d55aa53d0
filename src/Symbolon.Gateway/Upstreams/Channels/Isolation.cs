namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>Who shares a channel, and so the state behind it.</summary>
public enum Isolation
{
    /// <summary>All callers: for servers that keep nothing of one request for the next.</summary>
    Shared,

    /// <summary>One channel for each holder of tokens (person, agent, workflow, or their combination).</summary>
    Caller,

    /// <summary>One channel for each legacy session; requests of the modern era, which has no sessions, share one for each caller.</summary>
    Session,
}

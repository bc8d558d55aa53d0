namespace Symbolon.Gateway.Sealing;

/// <summary>What a piece of sealed state is for. One that was sealed for another purpose does not open. The numbers are in what clients hold: they never change.</summary>
internal enum StatePurpose : byte
{
    /// <summary><c>Mcp-Session-Id</c> of the legacy era.</summary>
    Session = 1,

    /// <summary><c>nextCursor</c> of a list.</summary>
    Cursor = 2,

    /// <summary><c>requestState</c> of a result that asks for input (2026-07-28).</summary>
    RequestState = 3,

    /// <summary>The id of a server's request to a client (legacy).</summary>
    ServerRequest = 4,

    /// <summary>The id of an event, by which a stream is taken up again (legacy).</summary>
    Event = 5,

    /// <summary>The id of a task (extension of 2026-07-28). 6 was another layout of it.</summary>
    Task = 7,
}

internal static class StatePurposes
{
    /// <summary>How long it opens. What belongs to something shorter (a session to its token) ends with that.</summary>
    public static TimeSpan Lifetime(this StatePurpose purpose) => purpose switch
    {
        StatePurpose.Session or StatePurpose.Task => TimeSpan.FromDays(30),
        StatePurpose.ServerRequest => TimeSpan.FromHours(1),
        _ => TimeSpan.FromDays(1),
    };
}

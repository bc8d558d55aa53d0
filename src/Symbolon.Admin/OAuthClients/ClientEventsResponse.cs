namespace Symbolon.Admin.OAuthClients;

/// <summary>How an API is told security events (RFC 8417), and how it goes; on all nodes together.</summary>
/// <param name="Delivery"><c>none</c>, <c>poll</c> where it fetches them (RFC 8936), or <c>push</c> where they are posted (RFC 8935).</param>
/// <param name="Url">Where they are posted.</param>
/// <param name="Waiting">Events that it has not taken yet.</param>
/// <param name="Refused">Events that it said it cannot use.</param>
/// <param name="LeftOut">Events beyond the 10,000 that may wait.</param>
/// <param name="GivenUp">Events that it did not take for three days.</param>
public sealed record ClientEventsResponse(
    string Delivery, string? Url, long Waiting, DateTimeOffset? OldestWaiting, ClientEventAttemptResponse? LastDelivered, ClientEventAttemptResponse? LastFailure, long Refused, long LeftOut, long GivenUp);

/// <param name="Id">The event's <c>jti</c>.</param>
/// <param name="Why">Why it failed; absent for a success.</param>
public sealed record ClientEventAttemptResponse(string Id, DateTimeOffset At, string? Why);

/// <param name="Id">The <c>jti</c> of the verification event.</param>
public sealed record TestClientEventsResponse(string Id);

/// <summary>How an API shall be told security events.</summary>
public record ClientEventsRequest
{
    /// <summary><c>none</c>, <c>poll</c> or <c>push</c>.</summary>
    public required string Delivery { get; init; }

    /// <summary>With <c>push</c>: https (http on loopback), at most 512 characters.</summary>
    public string? Url { get; init; }
}

/// <summary>Changes how an API is told security events.</summary>
public sealed record SetClientEventsRequest : ClientEventsRequest
{
    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>Has an API told a verification event.</summary>
public sealed record TestClientEventsRequest
{
    /// <summary>Comes back in the event; at most 128 printable ASCII characters.</summary>
    public string? State { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}

namespace Symbolon.Admin.Webhooks;

/// <summary>The webhook, and how it goes with telling it; on all nodes together but for <c>State</c> and <c>Url</c>, which are this node's settings.</summary>
/// <param name="State"><c>none</c> where no address is set, <c>on</c>, or <c>gone</c>: it answered 410 and is told nothing until a test is answered with 2xx.</param>
/// <param name="Waiting">Events that it was not told yet.</param>
/// <param name="LastTest">The last ping, however it ended.</param>
/// <param name="Lost">Events that it was never told: in vain for three days, or beyond the 10,000 that may wait.</param>
public sealed record WebhookResponse(string State, string? Url, long Waiting, DateTimeOffset? OldestWaiting, WebhookAttemptResponse? LastSuccess, WebhookAttemptResponse? LastFailure, WebhookAttemptResponse? LastTest, long Lost);

/// <param name="Id">The event's <c>webhook-id</c>.</param>
/// <param name="Why">Why it failed; absent for a success.</param>
public sealed record WebhookAttemptResponse(string Id, string Type, DateTimeOffset At, string? Why);

/// <param name="Id">The <c>webhook-id</c> of the ping; once it was sent, it is that of <c>LastTest</c>.</param>
public sealed record WebhookTestResponse(string Id);

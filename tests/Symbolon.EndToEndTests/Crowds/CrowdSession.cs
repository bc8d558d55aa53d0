using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Symbolon.EndToEndTests.Crowds;

/// <summary>One legacy session of a <see cref="CrowdServer"/>: whose it is, what its client was asked, and what is left of streams that were closed.</summary>
internal sealed class CrowdSession
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonNode>> questions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonNode>> rests = new(StringComparer.Ordinal);
    private string? marker;

    public string? Marker => Volatile.Read(ref marker);

    public bool IsOf(string whose) => (Interlocked.CompareExchange(ref marker, whose, null) ?? whose) == whose;

    /// <summary>Waits for the client's answer to the question with this id.</summary>
    public Task<JsonNode> AnswerAsync(string id, CancellationToken cancellation) =>
        questions.GetOrAdd(id, _ => New()).Task.WaitAsync(cancellation);

    public bool Answer(JsonNode message) =>
        message["id"] is { } id && message["result"] is { } result && questions.GetOrAdd(id.ToJsonString(), _ => New()).TrySetResult(result);

    /// <summary>The question is over; the next one has the same id.</summary>
    public void Forget(string id) => questions.TryRemove(id, out _);

    /// <summary>What is left behind an event; waits until it is there.</summary>
    public Task<JsonNode> RestAsync(string lastEvent, CancellationToken cancellation) => rests.GetOrAdd(lastEvent, _ => New()).Task.WaitAsync(cancellation);

    public void Keep(string lastEvent, JsonNode rest) => rests.GetOrAdd(lastEvent, _ => New()).TrySetResult(rest);

    public void Cancel(string requestId) => rests.GetOrAdd(EventOf(requestId), _ => New()).TrySetCanceled();

    /// <summary>The same for the same request in every session.</summary>
    public static string EventOf(string requestId) => $"behind-{requestId}";

    private static TaskCompletionSource<JsonNode> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

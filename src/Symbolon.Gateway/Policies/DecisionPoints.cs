using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Symbolon.Core.OAuth;
using Symbolon.Core.Outbound;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;

namespace Symbolon.Gateway.Policies;

/// <param name="Why">What it did, for a sentence: denies, did not answer.</param>
/// <param name="Cause">Why it could not be asked, for who wrote the rule; nothing that it said, and nothing of the call. Null where it answered.</param>
internal sealed record PointAnswer(bool IsAllowed, ReasonCode Code, string Why, string? Cause = null);

/// <summary>
/// Asks an external decision point (<c>decide: {url}</c>) with a question that is signed, and takes nothing but a clear yes for one: what comes too late, is no JSON or says
/// something else denies. The answer's shape is that of OPA's data API.
/// </summary>
internal sealed class DecisionPoints(IFormPost post, IIdentityTokens identities, IPublicOrigins origins, TimeProvider clock)
{
    private const int MostAnswer = 16 * 1024;
    private const int MostKept = 10_000;

    private static readonly PointAnswer Allowed = new(true, default, "allows");
    private static readonly PointAnswer Denied = new(false, ReasonCode.DeniedByPolicy, "denies");

    private readonly ConcurrentDictionary<(string Url, string Question), (PointAnswer Answer, long At)> kept = new();

    public async ValueTask<PointAnswer> AskAsync(DecisionPoint point, DecisionQuestion question, CancellationToken stop)
    {
        if (point.CacheSeconds == 0) return await SendAsync(point, question, stop);
        var key = (point.Url, question.Digest());
        if (kept.TryGetValue(key, out var known) && clock.GetElapsedTime(known.At) < TimeSpan.FromSeconds(point.CacheSeconds)) return known.Answer;
        var answer = await SendAsync(point, question, stop);
        // What was no answer is asked again.
        if (answer.Code == ReasonCode.PolicyError) return answer;
        if (kept.Count >= MostKept) kept.Clear();
        kept[key] = (answer, clock.GetTimestamp());
        return answer;
    }

    private async Task<PointAnswer> SendAsync(DecisionPoint point, DecisionQuestion question, CancellationToken stop)
    {
        var body = question.Write(withMoment: true);
        var digest = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(body))}:";
        if (origins.Primary is not { } issuer
            || identities.Issue(new IdentityOrder(question.Caller.Organisation, issuer, question.Server, point.Url) { Caller = question.Caller, Digest = digest }) is not { } token) return Failed("could not be asked, since nothing can be signed now");
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(point.TimeoutMilliseconds), clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        try
        {
            return await post.PostJsonAsync(new Uri(point.Url), body, [new("Authorization", $"Bearer {token}"), new("Content-Digest", digest)], MostAnswer, both.Token) switch
            {
                FormAnswer.Answered { Status: 200, Json: { } json } => Read(json),
                FormAnswer.Answered answered => Failed(answered.Status == 200 ? "answered with something else than JSON" : $"answered {answered.Status}"),
                FormAnswer.Unanswered unanswered => Failed("did not answer", unanswered.Why),
                _ => Failed("did not answer"),
            };
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Failed($"did not answer within {point.TimeoutMilliseconds} ms");
        }
    }

    /// <summary><c>{"result": true}</c>, or <c>{"result": {"allow": true}}</c>; no result is OPA's word for nothing that is defined.</summary>
    private static PointAnswer Read(ReadOnlyMemory<byte> answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind != JsonValueKind.Object) return Failed("answered with no object");
            if (!json.RootElement.TryGetProperty("result", out var result)) return Denied;
            if (result.ValueKind == JsonValueKind.Object && !result.TryGetProperty("allow", out result)) return Denied;
            return result.ValueKind switch
            {
                JsonValueKind.True => Allowed,
                JsonValueKind.False => Denied,
                _ => Failed("answered neither true nor false"),
            };
        }
        catch (JsonException)
        {
            return Failed("answered with something that is no JSON");
        }
    }

    private static PointAnswer Failed(string what, string? cause = null) => new(false, ReasonCode.PolicyError, $"{what}, which denies", cause ?? what);
}

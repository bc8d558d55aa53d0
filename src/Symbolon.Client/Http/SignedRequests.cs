using System.Net;
using Symbolon.Client.Keys;

namespace Symbolon.Client.Http;

/// <summary>
/// Posts forms to Symbolon with a proof of the instance's key, and once more where a nonce is asked for (RFC 9449 §8). Every failure is an answer, since
/// whoever asks has to go on with what it has.
/// </summary>
internal sealed class SignedRequests(InstanceKey key, HttpClient http, NonceMemory nonces, TimeProvider clock)
{
    private const int MostDescription = 300;

    /// <param name="form">Made for each attempt: an assertion is good for one.</param>
    /// <param name="trace">Of the call that it is for, so that Symbolon's record of it is found by the same trace; null for none.</param>
    public async Task<SymbolonAnswer> PostAsync(Uri endpoint, Func<IEnumerable<KeyValuePair<string, string>>> form, TraceContext? trace, CancellationToken cancellation)
    {
        try
        {
            var answer = await SendAsync(endpoint, form(), trace, cancellation);
            var asked = answer is { Status: HttpStatusCode.BadRequest, Nonce: not null } && IsNonceWanted(answer);
            return Read(asked ? await SendAsync(endpoint, form(), trace, cancellation) : answer);
        }
        catch (Exception failure) when (failure is HttpRequestException or TimeoutException)
        {
            return new SymbolonAnswer.Failed("unreachable", $"Symbolon cannot be reached: {failure.Message}", RetryAfter: null);
        }
    }

    private async Task<HttpAnswer> SendAsync(Uri endpoint, IEnumerable<KeyValuePair<string, string>> form, TraceContext? trace, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(form) };
        request.Headers.TryAddWithoutValidation("DPoP", SignedClaims.Proof(key, HttpMethod.Post, endpoint, accessToken: null, nonces.Find(endpoint), clock));
        trace?.AddTo(request);
        var answer = await SymbolonHttp.SendAsync(http, request, clock, cancellation);
        nonces.Keep(endpoint, answer.Nonce);
        return answer;
    }

    private static bool IsNonceWanted(HttpAnswer answer) =>
        answer.Body is { } body && JsonAnswer.TryRead(body, out var root) && JsonAnswer.Text(root, "error"u8) == "use_dpop_nonce";

    private static SymbolonAnswer Read(HttpAnswer answer)
    {
        if (answer.Body is not { } body) return new SymbolonAnswer.Failed("invalid_answer", "Symbolon's answer is larger than 64 KiB.", answer.RetryAfter);
        if (!JsonAnswer.TryRead(body, out var root)) return new SymbolonAnswer.Failed("invalid_answer", $"Symbolon's answer is no JSON object (HTTP {(int)answer.Status}).", answer.RetryAfter);
        if (answer.Status is HttpStatusCode.OK or HttpStatusCode.Created) return new SymbolonAnswer.Given(body);
        return JsonAnswer.Text(root, "error"u8) is { Length: <= 64 } error
            ? new SymbolonAnswer.Failed(error, Shown(JsonAnswer.Text(root, "error_description"u8)) ?? error, answer.RetryAfter)
            : new SymbolonAnswer.Failed("invalid_answer", $"Symbolon's answer names no error (HTTP {(int)answer.Status}).", answer.RetryAfter);
    }

    /// <summary>It goes into logs: printable and of bounded length, whoever answered.</summary>
    private static string? Shown(string? description) =>
        description is null ? null : new string([.. description.Take(MostDescription).Select(letter => char.IsControl(letter) ? ' ' : letter)]);
}

/// <summary>What came of a request to Symbolon.</summary>
internal abstract record SymbolonAnswer
{
    private SymbolonAnswer() { }

    /// <param name="Body">One object of strict JSON.</param>
    public sealed record Given(byte[] Body) : SymbolonAnswer;

    /// <param name="Code">As in <see cref="SymbolonException.Code"/>.</param>
    public sealed record Failed(string Code, string Description, TimeSpan? RetryAfter) : SymbolonAnswer
    {
        public SymbolonException ToException() => new(Code, Description);
    }
}

using System.Text;
using Symbolon.Core.OAuth;
using Symbolon.Core.Outbound;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Upstreams.Credentials;

/// <summary>What a foreign token endpoint answered (RFC 6749 §5, RFC 8693 §2.2). Whatever is not known to be a token that may be shown to the server is none.</summary>
internal abstract record ForeignAnswer
{
    public const int MostBytes = 16 * 1024;

    private const int MostToken = 8192;
    private const int MostError = 64;

    /// <summary>Seconds, where the answer does not say.</summary>
    private const long UsualLife = 60;

    private const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";
    private const string JwtType = "urn:ietf:params:oauth:token-type:jwt";

    private ForeignAnswer() { }

    /// <param name="Seconds">From the request on.</param>
    public sealed record Token(string Text, long Seconds) : ForeignAnswer
    {
        public override string ToString() => "(token)";
    }

    /// <param name="Why">For the owner: the end of a sentence about the token endpoint. Nothing that it said but an error code of RFC 6749's form.</param>
    public sealed record Fault(string Why) : ForeignAnswer;

    /// <param name="sent">What proved who asks, and for whom: none of it is a token of theirs.</param>
    public static ForeignAnswer Of(FormAnswer answer, params IEnumerable<string> sent)
    {
        if (answer is FormAnswer.Unanswered unanswered) return new Fault($"could not be asked: {unanswered.Why}");
        var (status, json) = (FormAnswer.Answered)answer;
        if (json is not { } body) return new Fault(status == 200 ? $"answered something else than application/json of at most {MostBytes / 1024} KiB" : $"answered status {status}");
        if (!StrictJson.Scan(body.Span, new JsonLimits(depth: 16, members: 1000)).Accepted || JsonValue.Root(body.Span) is not { Kind: JsonKind.Object } root)
            return new Fault(status == 200 ? "answered no JSON object, or one with a member twice" : $"answered status {status}");
        return status == 200 ? Read(root, sent) : new Fault(ErrorOf(root) is { } error ? $"answered status {status} with the error {error}" : $"answered status {status}");
    }

    private static ForeignAnswer Read(JsonValue root, IEnumerable<string> sent)
    {
        if (!TryText(root, OAuthParameter.AccessToken, out var token) || token is null || !IsToken(token))
            return new Fault($"answered without an {OAuthParameter.AccessToken} of 1 to {MostToken} characters that a header carries");
        if (sent.Contains(token, StringComparer.Ordinal)) return new Fault($"answered as {OAuthParameter.AccessToken} what it was sent");
        if (!TryText(root, OAuthParameter.TokenType, out var type) || !"Bearer".Equals(type, StringComparison.OrdinalIgnoreCase))
            return new Fault($"answered with another {OAuthParameter.TokenType} than Bearer");
        if (!TryText(root, OAuthParameter.IssuedTokenType, out var issued) || issued is not (null or AccessTokenType or JwtType))
            return new Fault($"answered with another {OAuthParameter.IssuedTokenType} than access_token or jwt");
        var seconds = UsualLife;
        if (root.TryGetMember(Encoding.ASCII.GetBytes(OAuthParameter.ExpiresIn), out var life) && (!life.Value.TryGetInt64(out seconds) || seconds < 1))
            return new Fault($"answered with an {OAuthParameter.ExpiresIn} that is no whole number of seconds from 1 on");
        return new Token(token, seconds);
    }

    /// <summary>The error code is from a small alphabet (RFC 6749 §5.2); anything else is a stranger's text.</summary>
    private static string? ErrorOf(JsonValue root) =>
        TryText(root, OAuthParameter.Error, out var error) && error is { Length: >= 1 and <= MostError } && error.All(c => c is (>= 'a' and <= 'z') or '_') ? error : null;

    /// <returns>False when it is there, and no text.</returns>
    private static bool TryText(JsonValue root, string name, out string? text)
    {
        text = null;
        return !root.TryGetMember(Encoding.ASCII.GetBytes(name), out var member) || member.Value.TryGetString(out text);
    }

    /// <summary>RFC 6750 §2.1, <c>b64token</c>: what the header has to be, so that nothing in it means anything else.</summary>
    private static bool IsToken(string text)
    {
        var body = text.AsSpan().TrimEnd('=');
        if (body.IsEmpty || text.Length > MostToken) return false;
        foreach (var c in body)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_' or '~' or '+' or '/')) return false;
        return true;
    }
}

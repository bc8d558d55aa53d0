using Symbolon.Jose.Proofs;

namespace Symbolon.Client.Verification;

/// <summary>The challenge to a caller whose token is good and not enough (RFC 6750 §3.1, RFC 9449 §7.1).</summary>
internal static class CallerChallenge
{
    private const int MostScope = 1024;

    /// <param name="scope">What is needed, as <c>action:resource</c>; left out where it is nothing that a header can hold.</param>
    public static string InsufficientScope(string? scope)
    {
        var isText = scope is { Length: > 0 and <= MostScope } && !scope.AsSpan().ContainsAnyExceptInRange('!', '~') && !scope.AsSpan().ContainsAny('"', '\\');
        return ProofChallenge.Write("insufficient_scope", "The token does not let its bearer do this.", isText ? scope : null, resourceMetadata: null);
    }
}

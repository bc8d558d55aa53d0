using System.Collections.Frozen;

namespace Symbolon.Core.Registry.Files.Policies;

/// <summary>
/// Which request header a rule may add for the server. None that frames, routes or describes the message, that says who asks or from where, or that is a
/// credential: a rule tells the server something, and proves nothing to it.
/// </summary>
public static class AddedHeader
{
    public const string Rule = "a header name of at most 64 token characters (RFC 9110 §5.6.2) that does not frame, route or describe the message, and carries neither a credential nor who asks or from where";
    public const string ValueRule = "1 to 1024 printable ASCII characters, with no blank at their ends";

    private static readonly FrozenSet<string> Ours = new[]
    {
        "Authorization", "DPoP", "WWW-Authenticate", "Client-Cert", "Client-Cert-Chain", "True-Client-IP", "X-Client-IP", "X-Cluster-Client-IP", "CF-Connecting-IP", "Fastly-Client-IP",
        "X-Real-IP", "X-Rewrite-URL", "X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] OurPrefixes = ["Symbolon-", "X-Original-", "Signature"];

    public static bool IsAllowed(string name) =>
        SecretHeader.IsAllowed(name) && !Ours.Contains(name) && !OurPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    public static bool IsValue(string text) =>
        text.Length is > 0 and <= DocumentLimits.HeaderValue && text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && text[0] != ' ' && text[^1] != ' ';
}

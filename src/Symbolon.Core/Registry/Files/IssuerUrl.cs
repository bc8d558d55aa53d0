using System.Net;
using Symbolon.Core.Outbound;

namespace Symbolon.Core.Registry.Files;

/// <summary>The <c>iss</c> of a foreign issuer, and where its keys are (RFC 8414 §2).</summary>
public static class IssuerUrl
{
    /// <summary>Characters.</summary>
    public const int MostLength = 512;

    public const string Rule = "an https URL (http on loopback alone) of at most 512 characters, without user information, query or fragment: letter by letter what its tokens say as iss";
    public const string KeysRule = "an https URL (http on loopback alone) of at most 2048 characters, without user information or fragment";

    public static bool IsAcceptable(string text) => text.Length <= MostLength && IsKeysAddress(text) && !text.Contains('?', StringComparison.Ordinal);

    public static bool IsKeysAddress(string text) => UpstreamUrl.TryParse(text, out var url) && (url.Scheme == Uri.UriSchemeHttps || IsLoopback(url));

    /// <summary>This machine, whatever a name server says.</summary>
    public static bool IsLoopback(Uri url) => UpstreamHost.IsLocalhost(url.Host) || (IPAddress.TryParse(url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));
}

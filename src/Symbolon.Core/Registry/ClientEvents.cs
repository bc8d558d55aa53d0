using System.Net;
using System.Text.Json.Serialization;
using Symbolon.Core.Outbound;

namespace Symbolon.Core.Registry;

/// <summary>How an API is told security events (RFC 8417).</summary>
/// <param name="Url">Where they are posted (RFC 8935), in the form of <see cref="IsAcceptable"/>; null where it fetches them (RFC 8936).</param>
public sealed record ClientEvents(string? Url)
{
    /// <summary>Characters.</summary>
    public const int MostLength = 512;

    public const string Rule = "an absolute https URL (http on loopback alone) of at most 512 characters, without user information and fragment";

    [JsonIgnore]
    public bool ArePushed => Url is not null;

    /// <summary>Says nothing about where the host leads: the way out looks at that each time.</summary>
    public static bool IsAcceptable(string text) =>
        text.Length <= MostLength && !text.Contains('#', StringComparison.Ordinal) && !text.AsSpan().ContainsAnyExceptInRange('!', '~') && !text.Contains('\\', StringComparison.Ordinal)
        && Uri.TryCreate(text, UriKind.Absolute, out var url) && text.Split('/') is [_, "", var authority, ..] && !authority.Contains('@', StringComparison.Ordinal) && url.IdnHost.Length > 0
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && IsThisMachine(url)));

    private static bool IsThisMachine(Uri url) =>
        UpstreamHost.IsLocalhost(url.IdnHost) || (UpstreamHost.SaysWhereItLeads(url) && IPAddress.TryParse(url.IdnHost, out var address) && IPAddress.IsLoopback(address));
}

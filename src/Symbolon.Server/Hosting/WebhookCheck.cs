using System.Net;
using Symbolon.Core.Outbound;
using Symbolon.Server.Webhooks;

namespace Symbolon.Server.Hosting;

/// <summary>What must hold of the settings <c>webhook.*</c>. No message repeats the address or the file's name: either may be a secret in the wrong place.</summary>
internal static class WebhookCheck
{
    private const int LongestUrl = 2048;

    public static void Add(SymbolonOptions options, List<string> errors)
    {
        if (options.WebhookUrl is null != options.WebhookSecretFile is null) errors.Add("webhook.url and webhook.secretFile: both or none");
        if (options is { WebhookInside: true, WebhookUrl: null }) errors.Add("webhook.inside: says where webhook.url may lead, which is not set");
        if (options.WebhookUrl is { } text && AddressOf(text) is null)
            errors.Add($"webhook.url: must be an https address without user and fragment, of at most {LongestUrl} characters, or http on this machine (127.0.0.1, [::1], localhost)");
        if (options.WebhookSecretFile is not { } file) return;
        try
        {
            WebhookKeys.Read(file);
        }
        catch (FormatException e)
        {
            errors.Add($"webhook.secretFile: {e.Message}");
        }
    }

    /// <returns>The address, or null where nothing may be sent.</returns>
    public static Uri? AddressOf(string text) =>
        text.Length <= LongestUrl && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.UserInfo.Length == 0 && url.Fragment.Length == 0 && url.IdnHost.Length > 0
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && IsThisMachine(url))) ? url : null;

    /// <summary>As for an upstream: who writes an address as such sees where it leads; a name leads inside only where the operator says that it may.</summary>
    public static bool MayBeInside(SymbolonOptions options, Uri url) => options.WebhookInside || UpstreamHost.SaysWhereItLeads(url);

    private static bool IsThisMachine(Uri url) =>
        UpstreamHost.IsLocalhost(url.IdnHost) || (UpstreamHost.SaysWhereItLeads(url) && IPAddress.TryParse(url.IdnHost, out var address) && IPAddress.IsLoopback(address));
}

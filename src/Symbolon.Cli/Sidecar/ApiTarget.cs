using Symbolon.Client;
using Symbolon.Client.Http;

namespace Symbolon.Cli.Sidecar;

/// <summary>The one address at and below which the sidecar makes and proves requests. Whatever a caller names, nothing else is reached.</summary>
internal sealed class ApiTarget
{
    private const int MostLength = 4096;

    /// <summary>How often an escape may be escaped: more than any server takes off.</summary>
    private const int MostLayers = 4;

    private readonly Uri api;
    private readonly string folder;

    private ApiTarget(Uri api) => (this.api, folder) = (api, api.AbsolutePath.EndsWith('/') ? api.AbsolutePath : api.AbsolutePath + "/");

    public override string ToString() => api.GetLeftPart(UriPartial.Path);

    /// <param name="audience">Of the credential: its tokens are for no other origin.</param>
    /// <exception cref="ArgumentException">The address is none, or of another origin than the audience.</exception>
    public static ApiTarget Of(Uri? api, Uri audience)
    {
        if (api is null) return new(audience);
        SymbolonAddress.Check(api, "--api");
        return IsSameOrigin(api, audience) && !LeadsUp(api.OriginalString)
            ? new(api)
            : throw new ArgumentException($"--api must lie at {audience.GetLeftPart(UriPartial.Authority)}, which the server's credential is for.");
    }

    /// <exception cref="SymbolonException">It does not lie there.</exception>
    public Uri Check(string target)
    {
        if (target.Length > MostLength || !Uri.TryCreate(target, UriKind.Absolute, out var url)) throw Elsewhere();
        if (!IsSameOrigin(url, api) || url.UserInfo.Length > 0 || url.Fragment.Length > 0 || LeadsUp(target)) throw Elsewhere();
        return url.AbsolutePath == api.AbsolutePath || url.AbsolutePath.StartsWith(folder, StringComparison.Ordinal) ? url : throw Elsewhere();
    }

    private SymbolonException Elsewhere() => new("wrong_target", $"The sidecar makes requests at {this} and below, to absolute addresses without user, fragment and \"..\", and nowhere else.");

    private static bool IsSameOrigin(Uri one, Uri other) => Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>Whether the path, as some server may read it, has a part that is <c>.</c> or <c>..</c>, or a backslash.</summary>
    private static bool LeadsUp(string address)
    {
        var end = address.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? address : address[..end];
        for (var layer = 0; layer < MostLayers; layer++)
        {
            if (path.Any(char.IsControl) || path.Contains('\\', StringComparison.Ordinal) || path.Split('/').Any(part => part is "." or ".." || part.Contains(';', StringComparison.Ordinal) && part.Split(';')[0] is "." or "..")) return true;
            path = Uri.UnescapeDataString(path);
        }
        return false;
    }
}

using Symbolon.Core.Identity;

namespace Symbolon.Core.OAuth;

/// <summary>
/// One MCP server as a resource of OAuth (RFC 8707, RFC 9728): <c>{origin}/mcp/{server}</c>. Each has one spelling under each origin; scheme and
/// host of any case and a default port resolve to it, anything else is none of ours.
/// </summary>
public readonly record struct ProtectedResource(string Origin, ServerName Server)
{
    private const string Path = "/mcp/";
    private const int MostLength = 512;

    /// <summary>The identifier, as it is in <c>aud</c> and in the metadata.</summary>
    public string Text => Origin + Path + Server.Value;

    /// <summary>Where its metadata is (RFC 9728 §3.1).</summary>
    public string Metadata => Origin + "/.well-known/oauth-protected-resource" + Path + Server.Value;

    public override string ToString() => Text;

    /// <summary>Whether the text names a server under one of our origins; says nothing about whether that exists.</summary>
    /// <param name="resource">The one spelling of it.</param>
    public static bool TryParse(string text, IPublicOrigins origins, out ProtectedResource resource)
    {
        resource = default;
        if (text.Length > MostLength || !System.Text.Ascii.IsValid(text)) return false;
        var authority = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var path = authority < 3 ? -1 : text.IndexOf('/', authority);
        if (path < 0 || !text.AsSpan(path).StartsWith(Path, StringComparison.Ordinal)) return false;
        var name = text[(path + Path.Length)..];
        if (!ServerName.IsValid(name)) return false;
        // Without the reading of an address that repairs what it reads: a text that is not an origin in its parts is none.
        var origin = text[..path].ToLowerInvariant();
        if (origin.StartsWith("https://", StringComparison.Ordinal) && origin.EndsWith(":443", StringComparison.Ordinal)) origin = origin[..^4];
        else if (origin.StartsWith("http://", StringComparison.Ordinal) && origin.EndsWith(":80", StringComparison.Ordinal)) origin = origin[..^3];
        if (!origins.Includes(origin)) return false;
        resource = new ProtectedResource(origin, new ServerName(name));
        return true;
    }
}

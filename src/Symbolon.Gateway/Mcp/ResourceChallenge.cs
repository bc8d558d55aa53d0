using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;

namespace Symbolon.Gateway.Mcp;

/// <summary>
/// What a refused client of the OAuth family is told in <c>WWW-Authenticate</c>, so that it finds the way to a token (RFC 9728 §5.1, RFC 6750 §3).
/// The same for every name that a server can have, whether there is one or not. <c>/t</c> has none.
/// </summary>
/// <param name="Metadata">Address of the resource's metadata; null for a name that no server can have.</param>
/// <param name="Scope">What to ask for.</param>
internal sealed record ResourceChallenge(string? Metadata, string? Scope)
{
    public static ResourceChallenge Of(string? origin, string server) =>
        origin is not null && ServerName.IsValid(server)
            ? new(new ProtectedResource(origin, new ServerName(server)).Metadata, Scopes.Granted(new ServerName(server)))
            : new(null, null);

    /// <summary>The header of a 401.</summary>
    /// <param name="description">What was wrong with the token; null when none was shown.</param>
    public string ToUnauthorized(string? description) => "Bearer " + string.Join(", ", Parts(
        Quoted("error", description is null ? null : "invalid_token"), Quoted("error_description", description), Quoted("resource_metadata", Metadata), Quoted("scope", Scope)));

    /// <summary>The header of a 403: all that this operation needs, which is for the client to add to what it has (RFC 6750 §3.1).</summary>
    public string ToInsufficient(string? needs, string description) => "Bearer " + string.Join(", ", Parts(
        Quoted("error", "insufficient_scope"), Quoted("scope", needs ?? Scope), Quoted("resource_metadata", Metadata), Quoted("error_description", description)));

    private static IEnumerable<string> Parts(params string?[] parts) => parts.OfType<string>();

    /// <summary>Quotation marks and backslashes are not allowed in a description (RFC 6750 §3), and nothing that is no ASCII in a header.</summary>
    private static string? Quoted(string name, string? value) =>
        value is null ? null : $"{name}=\"{string.Concat(value.Select(c => c is >= ' ' and <= '~' and not '"' and not '\\' ? c : '\''))}\"";
}

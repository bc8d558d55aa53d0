using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Jose.Proofs;

namespace Symbolon.Gateway.Mcp;

/// <summary>
/// What a refused client of the OAuth family is told in <c>WWW-Authenticate</c>, so that it finds the way to a token (RFC 9728 §5.1, RFC 6750 §3).
/// The same for every name that a server can have, whether there is one or not. <c>/t</c> has none.
/// </summary>
/// <param name="Metadata">Address of the resource's metadata; null for a name that no server can have.</param>
/// <param name="Scope">What to ask for.</param>
/// <param name="WantsProof">The client has come with DPoP, or the server takes nothing else: it is told so in that scheme (RFC 9449 §7.1).</param>
internal sealed record ResourceChallenge(string? Metadata, string? Scope, bool WantsProof)
{
    public static ResourceChallenge Of(string? origin, string server, bool wantsProof) =>
        origin is not null && ServerName.IsValid(server)
            ? new(new ProtectedResource(origin, new ServerName(server)).Metadata, Scopes.Granted(new ServerName(server)), wantsProof)
            : new(null, null, wantsProof);

    /// <summary>The header of a 401.</summary>
    public string ToUnauthorized(Refusal refusal)
    {
        var hasToken = refusal.Form != RefusalForm.NoToken;
        var (error, description) = (hasToken ? refusal.ProofError ?? "invalid_token" : null, hasToken ? Plain(refusal.Text) : null);
        return WantsProof || refusal.Code is ReasonCode.ProofRequired or ReasonCode.ProofInvalid
            ? ProofChallenge.Write(error, description, Scope, Metadata)
            : "Bearer " + string.Join(", ", Parts(Quoted("error", error), Quoted("error_description", description), Quoted("resource_metadata", Metadata), Quoted("scope", Scope)));
    }

    /// <summary>The header of a 403: all that this operation needs, which is for the client to add to what it has (RFC 6750 §3.1).</summary>
    public string ToInsufficient(string? needs, string description) => "Bearer " + string.Join(", ", Parts(
        Quoted("error", "insufficient_scope"), Quoted("scope", needs ?? Scope), Quoted("resource_metadata", Metadata), Quoted("error_description", description)));

    private static IEnumerable<string> Parts(params string?[] parts) => parts.OfType<string>();

    private static string? Quoted(string name, string? value) => value is null ? null : $"{name}=\"{Plain(value)}\"";

    /// <summary>Quotation marks and backslashes are not allowed in a description (RFC 6750 §3), and nothing that is no ASCII in a header.</summary>
    private static string Plain(string value) => string.Concat(value.Select(c => c is >= ' ' and <= '~' and not '"' and not '\\' ? c : '\''));
}

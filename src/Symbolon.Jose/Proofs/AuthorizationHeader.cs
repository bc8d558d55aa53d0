using System.Buffers;

namespace Symbolon.Jose.Proofs;

/// <summary>What stands in the Authorization header of a request to a resource.</summary>
public enum AuthorizationScheme
{
    /// <summary>No header, or an empty one.</summary>
    None,

    /// <summary>A scheme that is not for access tokens.</summary>
    Other,

    /// <summary>More than one header, or more than one credential in it.</summary>
    Several,

    /// <summary>Bearer or DPoP with nothing behind it, or with what no token can be (RFC 6750 §2.1).</summary>
    Unreadable,
    Bearer,
    DPoP,
}

/// <summary>Whether a token came in the way that it is bound to.</summary>
public enum SchemeVerdict
{
    /// <summary>Go on: with <see cref="AuthorizationScheme.DPoP"/> to the proof.</summary>
    Fits,

    /// <summary>401 with a challenge that names no error (RFC 6750 §3.1).</summary>
    NoToken,

    /// <summary>400 <c>invalid_request</c>.</summary>
    Ambiguous,

    /// <summary>401 <c>invalid_token</c>.</summary>
    Unreadable,

    /// <summary>401 <c>invalid_token</c>: a bound token was shown as a bearer token, without its proof (RFC 9449 §7.2).</summary>
    BoundUnderBearer,

    /// <summary>401 <c>invalid_token</c>: no proof can belong to this token (RFC 9449 §7.1).</summary>
    UnboundUnderDPoP,

    /// <summary>401 <c>invalid_token</c>: this resource takes bound tokens alone.</summary>
    BindingNeeded,
}

/// <summary>Reads the Authorization header and tells downgrades, in one place for all who take tokens.</summary>
public static class AuthorizationHeader
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    /// <param name="headers">How many Authorization headers the request has.</param>
    /// <param name="value">The first of them.</param>
    /// <param name="token">The token under <see cref="AuthorizationScheme.Bearer"/> and <see cref="AuthorizationScheme.DPoP"/>, else empty. Names of schemes have no case (RFC 9110 §11.1).</param>
    public static AuthorizationScheme Read(int headers, string? value, out ReadOnlySpan<char> token)
    {
        token = default;
        if (headers > 1) return AuthorizationScheme.Several;
        if (headers == 0 || string.IsNullOrEmpty(value)) return AuthorizationScheme.None;
        var blank = value.IndexOf(' ', StringComparison.Ordinal);
        var name = blank < 0 ? value : value.AsSpan(0, blank);
        var scheme = name.Equals("Bearer", StringComparison.OrdinalIgnoreCase) ? AuthorizationScheme.Bearer
            : name.Equals("DPoP", StringComparison.OrdinalIgnoreCase) ? AuthorizationScheme.DPoP : AuthorizationScheme.Other;
        var rest = value.AsSpan(name.Length).Trim(' ');
        // Between two credentials stands a comma, whatever their schemes; neither a token nor Basic holds one.
        if (rest.Contains(',') && (scheme != AuthorizationScheme.Other || NamesToken(rest))) return AuthorizationScheme.Several;
        if (scheme == AuthorizationScheme.Other) return scheme;
        if (rest.Contains(' ')) return AuthorizationScheme.Several;
        if (rest.IsEmpty || rest.ContainsAnyExcept(TokenCharacters)) return AuthorizationScheme.Unreadable;
        token = rest;
        return scheme;
    }

    /// <summary>The table of downgrades.</summary>
    /// <param name="isBound">The token names a key: it has <c>cnf.jkt</c>. One that is bound to a certificate instead is a bearer token here (RFC 8705 §3).</param>
    /// <param name="mustBeBound">A grant, the server, an effect class or the organisation demands DPoP.</param>
    public static SchemeVerdict Judge(AuthorizationScheme scheme, bool isBound, bool mustBeBound) => (scheme, isBound, mustBeBound) switch
    {
        (AuthorizationScheme.None or AuthorizationScheme.Other, _, _) => SchemeVerdict.NoToken,
        (AuthorizationScheme.Several, _, _) => SchemeVerdict.Ambiguous,
        (AuthorizationScheme.Unreadable, _, _) => SchemeVerdict.Unreadable,
        (AuthorizationScheme.Bearer, true, _) => SchemeVerdict.BoundUnderBearer,
        (AuthorizationScheme.Bearer, false, true) => SchemeVerdict.BindingNeeded,
        (AuthorizationScheme.Bearer, false, false) => SchemeVerdict.Fits,
        (AuthorizationScheme.DPoP, true, _) => SchemeVerdict.Fits,
        (AuthorizationScheme.DPoP, false, _) => SchemeVerdict.UnboundUnderDPoP,
        _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, null),
    };

    private static bool NamesToken(ReadOnlySpan<char> rest) =>
        rest.Contains("bearer ", StringComparison.OrdinalIgnoreCase) || rest.Contains("dpop ", StringComparison.OrdinalIgnoreCase);
}

namespace Symbolon.Client.Http;

/// <summary>Where an installation of Symbolon is: its issuer, and the endpoints behind it.</summary>
internal sealed class SymbolonAddress
{
    private const int MostLength = 512;

    private SymbolonAddress(string issuer) => Issuer = issuer;

    /// <summary>As it stands in <c>iss</c>: without a slash at the end.</summary>
    public string Issuer { get; }

    public Uri Token => At("/oauth/token");

    public Uri Enrolment => At("/oauth/enroll");

    public Uri Rotation => At("/oauth/rotate");

    public Uri Keys => At("/oauth/jwks");

    public Uri Revocations => At("/oauth/revocations");

    /// <param name="name">Of the setting, for the error.</param>
    /// <exception cref="ArgumentException">No https address (http on loopback), or one with user information, query or fragment.</exception>
    public static SymbolonAddress Of(Uri issuer, string name)
    {
        Check(issuer, name);
        return new(issuer.GetLeftPart(UriPartial.Path).TrimEnd('/'));
    }

    /// <summary>Tokens and keys cross no network in clear.</summary>
    /// <inheritdoc cref="Of"/>
    public static void Check(Uri address, string name)
    {
        if (!address.IsAbsoluteUri || address.OriginalString.Length > MostLength) throw new ArgumentException($"{name} must be an absolute address of at most {MostLength} characters.", name);
        if (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)) throw new ArgumentException($"{name} must be an https address, or http on loopback.", name);
        if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0) throw new ArgumentException($"{name} must have no user information, query or fragment.", name);
    }

    private Uri At(string path) => new(Issuer + path);
}

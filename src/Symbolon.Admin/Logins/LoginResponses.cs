namespace Symbolon.Admin.Logins;

/// <summary>A command line that acts for an administrator.</summary>
/// <param name="Id">Names it, and opens nothing.</param>
/// <param name="Email">Whom it acts for.</param>
/// <param name="Label">Where it is, as it said itself.</param>
/// <param name="ExpiresAt">It is refused from this moment on.</param>
public record LoginResponse(string Id, string Email, string Label, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);

/// <summary>What a command line gets for its code, once.</summary>
/// <param name="Token">Its secret: it is in no other answer.</param>
public sealed record RedeemedLoginResponse(string Id, string Email, string Label, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, string Token) : LoginResponse(Id, Email, Label, IssuedAt, ExpiresAt);

/// <summary>Turns the code that the browser brought into a token.</summary>
public sealed record RedeemLoginRequest
{
    public required string Code { get; init; }

    /// <summary>The text whose SHA-256 the browser took along (RFC 7636, S256).</summary>
    public required string Verifier { get; init; }
}

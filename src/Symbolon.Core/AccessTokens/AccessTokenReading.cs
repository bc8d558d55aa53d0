using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;

namespace Symbolon.Core.AccessTokens;

/// <summary>What came of reading an access token.</summary>
public abstract record AccessTokenReading
{
    private AccessTokenReading() { }

    /// <summary>Ours, verified, not past its end. Whether it was revoked is asked for at each use, not here.</summary>
    /// <param name="Token">Its one <see cref="TokenRecord.Servers"/> is its audience.</param>
    public sealed record Valid(TokenRecord Token, ProtectedResource Resource, string Issuer) : AccessTokenReading;

    /// <summary>Not to be taken.</summary>
    public sealed record Refused(ReasonCode Code) : AccessTokenReading;
}

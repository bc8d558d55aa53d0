using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Jose.Signatures;

namespace Symbolon.Bench;

/// <summary>Token requests made ahead: none may be sent twice, and the load tool shall not sign while it measures.</summary>
internal static class TokenRequests
{
    private const string Id = "agent:bench";

    /// <summary>A form whose client proves itself by a signature of its key.</summary>
    /// <param name="issuer">Whom the assertion is for.</param>
    /// <param name="scope">What is asked for.</param>
    public static string Asserted(Es256SigningKey key, string issuer, string scope)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var assertion = key.Sign("JWT", Encoding.UTF8.GetBytes(
            $$"""{"iss":"{{Id}}","sub":"{{Id}}","aud":"{{issuer}}","iat":{{now}},"exp":{{now + 240}},"jti":"{{Guid.NewGuid()}}"}"""));
        return $"grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={assertion}&scope={Uri.EscapeDataString(scope)}";
    }

    /// <summary>A form with a secret, and behind a tab the proof of a key that no other request has.</summary>
    public static string Bound(string secret, string url, string scope)
    {
        using var key = Es256SigningKey.Generate();
        var claims = new JsonObject
        {
            ["jti"] = RandomNumberGenerator.GetHexString(32), ["htm"] = "POST", ["htu"] = url, ["iat"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
        };
        var proof = key.Sign("dpop+jwt", Encoding.UTF8.GetBytes(claims.ToJsonString()), carriesKey: true);
        return $"grant_type=client_credentials&client_id=bench-legacy&client_secret={secret}&scope={Uri.EscapeDataString(scope)}\t{proof}";
    }
}

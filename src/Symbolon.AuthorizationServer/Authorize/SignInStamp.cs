using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Symbolon.AuthorizationServer.Requests;
using Symbolon.Core.Identity;
using Symbolon.Core.Sealing;
using Symbolon.Jose;

namespace Symbolon.AuthorizationServer.Authorize;

/// <summary>
/// Since when a sign-in counts for one request that wants a new one, on its way through the sign-in and back: sealed, so that who sits at somebody
/// else's open browser cannot say it, and good for ten minutes.
/// </summary>
internal sealed class SignInStamp(ISecretBox box)
{
    private const string Purpose = "sign-in of a request";
    private const long Life = 600_000_000;

    /// <param name="since">Microseconds since the Unix epoch.</param>
    public string Seal(AuthorizationRequest request, long since) =>
        string.Create(CultureInfo.InvariantCulture, $"{since}.{Base64Url.Encode(SealOf(request, since))}");

    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <returns>Null for what was not sealed here for this request, or too long ago.</returns>
    public long? Open(AuthorizationRequest request, string? text, long now)
    {
        if (text?.Split('.') is not [var number, var seal] || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var since)) return null;
        return since <= now && now - since <= Life && Ascii.IsValid(seal) && Base64Url.Decode(Encoding.ASCII.GetBytes(seal)) is { } sent
            && CryptographicOperations.FixedTimeEquals(sent, SealOf(request, since)) ? since : null;
    }

    /// <summary>A request is known by its challenge, which no other one has.</summary>
    private byte[] SealOf(AuthorizationRequest request, long since) => HMACSHA256.HashData(
        box.DeriveKey(OrganisationId.Default, Purpose), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{since}\n{request.Challenge}\n{request.Client.Id}")));
}

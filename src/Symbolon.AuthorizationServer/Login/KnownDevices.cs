using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Accounts;
using Symbolon.Core.Identity;
using Symbolon.Core.Sealing;
using Symbolon.Jose;

namespace Symbolon.AuthorizationServer.Login;

/// <summary>
/// Browsers in which somebody has signed in before (OWASP, device cookies): their failures are counted for each by itself, so that strangers who fail at
/// an address make nobody wait in their own browser. One that is sealed for another account, or from before a reset, is a stranger's.
/// </summary>
public sealed class KnownDevices(ISecretBox box)
{
    private const string Purpose = "known device";
    private const int IdBytes = 16;
    private const int MostLength = 128;

    /// <returns>What the browser keeps.</returns>
    public string Seal(OrganisationId organisation, Account account)
    {
        var id = Base64Url.Encode(RandomNumberGenerator.GetBytes(IdBytes));
        return $"{id}.{Base64Url.Encode(SealOf(organisation, account, id))}";
    }

    /// <param name="account">Whose address was typed; null for nobody's, which takes as long.</param>
    /// <returns>What its failures are counted under; null for a stranger.</returns>
    public TokenHash? Find(OrganisationId organisation, Account? account, string? text)
    {
        if (text is not { Length: <= MostLength } || !Ascii.IsValid(text) || text.Split('.') is not [var id, var seal] || Base64Url.Decode(Encoding.ASCII.GetBytes(seal)) is not { } sent) return null;
        return CryptographicOperations.FixedTimeEquals(sent, SealOf(organisation, account, id)) && account is not null ? TokenHash.Of(Encoding.ASCII.GetBytes(text)) : null;
    }

    private byte[] SealOf(OrganisationId organisation, Account? account, string id) => HMACSHA256.HashData(
        box.DeriveKey(organisation, Purpose), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}\n{account?.Email}\n{account?.NotBefore}")));
}

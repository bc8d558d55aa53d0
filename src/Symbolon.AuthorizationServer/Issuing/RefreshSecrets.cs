using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Sealing;
using Symbolon.Jose;

namespace Symbolon.AuthorizationServer.Issuing;

/// <summary>
/// Texts of refresh tokens. The first of a family is random; each further one follows from the one before under a key of ours, so that a client whose
/// answer was lost can be given the same again, and the store has nothing but hashes.
/// </summary>
internal sealed class RefreshSecrets(ISecretBox box)
{
    public const int Length = 43;

    private const int SecretBytes = 32;
    private const string Purpose = "refresh token";

    /// <param name="key">Thumbprint of the key that it is bound to; null for none.</param>
    public static (string Text, RefreshToken Token) First(Authorization authorization, string? key, long now, long end)
    {
        var text = Base64Url.Encode(RandomNumberGenerator.GetBytes(SecretBytes));
        return (text, new RefreshToken(HashOf(text), authorization.Id, key, now, end));
    }

    /// <summary>The one successor of a token: always the same.</summary>
    public string Next(OrganisationId organisation, string text) =>
        Base64Url.Encode(HMACSHA256.HashData(box.DeriveKey(organisation, Purpose), Encoding.ASCII.GetBytes(text)));

    public static TokenHash HashOf(string text) => TokenHash.Of(Encoding.ASCII.GetBytes(text));

    /// <summary>Whether it has the form of one.</summary>
    public static bool IsOne(string text) => text.Length == Length && Ascii.IsValid(text) && Base64Url.Decode(Encoding.ASCII.GetBytes(text)) is not null;
}

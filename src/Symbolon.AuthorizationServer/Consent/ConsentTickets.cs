using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Symbolon.AuthorizationServer.Requests;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Sealing;
using Symbolon.Jose;

namespace Symbolon.AuthorizationServer.Consent;

/// <summary>Seals questions into the form that brings the answer, so that any node takes it, and nobody can make or change one (AES-256-GCM).</summary>
internal sealed class ConsentTickets(ISecretBox box, TimeProvider clock)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int MostLength = 200_000;
    private const long Life = 600_000_000;
    private const string Purpose = "consent form";

    /// <param name="limits">The resources that the person is shown as the limit; null for none.</param>
    /// <returns>Good for ten minutes, and no longer than what the client had pushed.</returns>
    public string Seal(OrganisationId organisation, TokenHash session, AuthorizationRequest request, string? limits)
    {
        var id = Base64Url.Encode(RandomNumberGenerator.GetBytes(16));
        var ends = Math.Min(clock.Microseconds() + Life, request.Pushed?.ExpiresAt ?? long.MaxValue).ToString(CultureInfo.InvariantCulture);
        var plain = Encoding.UTF8.GetBytes(string.Join('\n', id, Convert.ToHexString(session.ToBytes()), request.Answer.Issuer, ends, request.Pushed is { } pushed ? Convert.ToHexString(pushed.Hash.ToBytes()) : "", limits ?? "", request.Parameters));
        var output = new byte[NonceLength + plain.Length + TagLength];
        RandomNumberGenerator.Fill(output.AsSpan(0, NonceLength));
        using var aes = new AesGcm(box.DeriveKey(organisation, Purpose), TagLength);
        aes.Encrypt(output.AsSpan(0, NonceLength), plain, output.AsSpan(NonceLength, plain.Length), output.AsSpan(NonceLength + plain.Length));
        return Base64Url.Encode(output);
    }

    /// <returns>Null for what we did not seal, or what is over.</returns>
    public ConsentTicket? Open(OrganisationId organisation, string? text)
    {
        if (text is not { Length: > 0 and <= MostLength } || !Ascii.IsValid(text) || Base64Url.Decode(Encoding.ASCII.GetBytes(text)) is not { } bytes) return null;
        if (bytes.Length <= NonceLength + TagLength) return null;
        var plain = new byte[bytes.Length - NonceLength - TagLength];
        using var aes = new AesGcm(box.DeriveKey(organisation, Purpose), TagLength);
        try
        {
            aes.Decrypt(bytes.AsSpan(0, NonceLength), bytes.AsSpan(NonceLength, plain.Length), bytes.AsSpan(NonceLength + plain.Length), plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        var parts = Encoding.UTF8.GetString(plain).Split('\n');
        var ticket = new ConsentTicket(
            parts[0], new TokenHash(Convert.FromHexString(parts[1])), parts[2], parts[6], parts[4].Length == 0 ? null : new TokenHash(Convert.FromHexString(parts[4])), parts[5].Length == 0 ? null : parts[5], long.Parse(parts[3], CultureInfo.InvariantCulture));
        return ticket.ExpiresAt > clock.Microseconds() ? ticket : null;
    }
}

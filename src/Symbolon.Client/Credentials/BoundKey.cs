using System.Text;
using Symbolon.Client.Http;
using Symbolon.Jose;
using Symbolon.Jose.Signatures;
using Symbolon.Jose.Tokens;

namespace Symbolon.Client.Credentials;

/// <summary>What a token of ours says that it is bound to. Nothing is decided by it but which of our own keys makes a proof.</summary>
internal static class BoundKey
{
    /// <returns>Thumbprint of the key; null for what is no such token.</returns>
    public static string? Of(string token)
    {
        var bytes = Encoding.ASCII.GetBytes(token);
        return Jws.Read(bytes, TokenProfiles.AccessToken, new byte[bytes.Length], out var jws) == JoseError.None && JsonAnswer.TryRead(jws.UnverifiedPayload, out var root)
            && root.TryGetMember("cnf"u8, out var confirmation) && confirmation.Value.Kind == Jose.Json.JsonKind.Object ? JsonAnswer.Text(confirmation.Value, "jkt"u8) : null;
    }
}

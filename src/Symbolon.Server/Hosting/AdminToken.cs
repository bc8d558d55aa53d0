using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Server.Files;

namespace Symbolon.Server.Hosting;

/// <summary>The bootstrap token of this start. It lives in its file (0600) only; here is its SHA-256.</summary>
public sealed class AdminToken
{
    private readonly byte[] hash;

    private AdminToken(byte[] hash) => this.hash = hash;

    /// <summary>Makes a new one and puts it in the place of the last start's, which dies with that.</summary>
    internal static AdminToken Replace(string path)
    {
        var token = PastedToken.Create(TokenKind.Admin);
        OwnerOnlyFile.Replace(path, Encoding.ASCII.GetBytes(token + "\n"));
        return new AdminToken(PastedToken.Hash(token).ToBytes());
    }

    /// <summary>Compares digests in fixed time.</summary>
    public bool Matches(ReadOnlySpan<byte> presented)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(presented, digest);
        return CryptographicOperations.FixedTimeEquals(digest, hash);
    }
}

using System.Collections.Immutable;
using System.Text;
using Symbolon.Jose;
using Symbolon.Jose.Keys;

namespace Symbolon.Core.Registry;

/// <summary>Public keys as objects hold them: one JWK in JSON each, read when they came in.</summary>
public static class PublicKeys
{
    public static ImmutableArray<Jwk> Read(ImmutableArray<string> texts) =>
        [.. texts.Select(text => Jwk.Parse(Encoding.UTF8.GetBytes(text), out var key) == JoseError.None ? key : null).OfType<Jwk>()];

    /// <summary>The identity of each (RFC 7638).</summary>
    public static IReadOnlyList<string> Thumbprints(ImmutableArray<string> texts) => [.. Read(texts).Select(key => key.Thumbprint.ToString())];
}

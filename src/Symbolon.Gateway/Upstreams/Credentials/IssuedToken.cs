using System.Text;
using Symbolon.Jose;

namespace Symbolon.Gateway.Upstreams.Credentials;

/// <summary>A token of our own making for one server, with what each use of it needs.</summary>
/// <param name="ExpiresAt">Microseconds since the Unix epoch.</param>
internal sealed record IssuedToken(string Text, long ExpiresAt)
{
    public byte[] Bytes { get; } = Encoding.ASCII.GetBytes(Text);

    /// <summary>As a proof names it: <c>ath</c> (RFC 9449 §4.2).</summary>
    public string Hash => field ??= Sha256Value.Of(Bytes).ToString();

    public override string ToString() => "(token)";
}

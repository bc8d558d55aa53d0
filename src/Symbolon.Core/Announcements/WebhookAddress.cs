using System.Security.Cryptography;
using System.Text;

namespace Symbolon.Core.Announcements;

/// <summary>Where events are told, as this node is set up; all nodes on one store say the same.</summary>
/// <param name="Url">Null for nowhere.</param>
public sealed record WebhookAddress(Uri? Url)
{
    /// <summary>Tells one address from another in the store, without repeating it there. 64 hex digits; of no address, those of the empty text.</summary>
    public string Fingerprint { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Url?.AbsoluteUri ?? "")));
}

using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Symbolon.Cli.Sidecar;

/// <summary>
/// Who may ask the sidecar: programs of this user. At a socket its mode says so. At a port of loopback the secret does, and the names that lead there,
/// since a page in a browser could reach it by a name that it points at 127.0.0.1.
/// </summary>
/// <param name="secret">Null at a socket.</param>
internal sealed class LocalGuard(string? secret)
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? expected = secret is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <returns>Null for who may.</returns>
    public LocalProblem? Check(HttpRequest request)
    {
        if (request.Headers.ContainsKey("Origin") || request.Headers.ContainsKey("Sec-Fetch-Site"))
            return new(StatusCodes.Status403Forbidden, "bad_origin", "The sidecar answers no page of a browser.");
        if (expected is null) return null;
        if (!IsLoopbackName(request.Host)) return new(StatusCodes.Status403Forbidden, "bad_host", "Ask for 127.0.0.1, [::1] or localhost.");
        return HasSecret(request) ? null : new(StatusCodes.Status401Unauthorized, "unauthenticated", "Send the secret of the file local-secret in the sidecar's folder: Authorization: Bearer SECRET.");
    }

    private static bool IsLoopbackName(HostString host) =>
        host.HasValue && (string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));

    private bool HasSecret(HttpRequest request) =>
        request.Headers.Authorization is [{ } shown] && shown.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(shown[Scheme.Length..])), expected);
}

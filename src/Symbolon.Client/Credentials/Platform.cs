using Symbolon.Client.Keys;

namespace Symbolon.Client.Credentials;

/// <summary>
/// The platform under an instance says who it is, in place of a code: at each start, and again at half of the time for which its word counts.
/// </summary>
/// <param name="server">The one whose instance it is.</param>
/// <param name="token">Gives the platform's token of the moment.</param>
internal sealed class Platform(string server, Func<CancellationToken, ValueTask<string>> token, Enrolment enrolment)
{
    private const int MostLength = 8 * 1024;

    /// <exception cref="SymbolonException">There is no such token, or it is not accepted for this key.</exception>
    public async Task<EnrolledInstance> VouchAsync(InstanceKey key, string? instance, CancellationToken cancellation) =>
        await enrolment.ByPlatformAsync(key, server, await TokenAsync(cancellation), instance, cancellation);

    private async Task<string> TokenAsync(CancellationToken cancellation)
    {
        string found;
        try
        {
            found = (await token(cancellation)).Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or HttpRequestException or InvalidOperationException)
        {
            throw new SymbolonException("no_platform_token", $"The platform's token cannot be had: {fault.Message}", fault);
        }
        // Its text stays out of the message.
        return found.Length is > 0 and <= MostLength && !found.AsSpan().ContainsAnyExceptInRange('!', '~') ? found
            : throw new SymbolonException("no_platform_token", $"The platform's token is empty, longer than {MostLength} characters, or no token.");
    }
}

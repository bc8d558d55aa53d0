using System.Globalization;
using Symbolon.Core.Registry;

namespace Symbolon.Admin.Servers;

/// <summary>Something about a server that works, and should not stay as it is.</summary>
/// <param name="Code"><c>static_credential</c>, <c>shared_credential</c> or <c>unbound_credential</c>.</param>
/// <param name="Text">For people.</param>
public sealed record FindingResponse(string Code, string Text)
{
    internal static IReadOnlyList<FindingResponse> Of(UpstreamCredential? credential) => credential switch
    {
        UpstreamCredential.Shared secret => [new FindingResponse("shared_credential", $"credential: shared, {EndOf(secret)}")],
        UpstreamCredential.Static secret => [new FindingResponse("static_credential", $"credential: static, {EndOf(secret)}")],
        UpstreamCredential.Foreign { Secret: not null } secret => [new FindingResponse("static_credential", $"credential: static at {new Uri(secret.TokenEndpoint).Authority}, {EndOf(secret)}")],
        UpstreamCredential.Exchange { File: not null } exchange => [new FindingResponse("unbound_credential", $"credential: bound to no key, for {exchange.Audience}")],
        _ => [],
    };

    private static string EndOf(UpstreamCredential secret) =>
        secret.SecretEnds is { } day ? $"ends {day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}" : "without an end";
}

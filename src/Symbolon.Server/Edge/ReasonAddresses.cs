using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Policy;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Server.Edge;

/// <summary>The pages of the console that explain reason codes, under each public origin; made once an origin, when it is first asked.</summary>
internal sealed class ReasonAddresses(EdgeRules rules) : IReasonAddresses
{
    private readonly ConcurrentDictionary<string, FrozenDictionary<ReasonCode, string>> pages = new(StringComparer.Ordinal);

    public string? Of(HttpRequest request, ReasonCode code) =>
        rules.Public.OriginOf(request.Host) is { } origin ? pages.GetOrAdd(origin, PagesOf)[code] : null;

    private static FrozenDictionary<ReasonCode, string> PagesOf(string origin) =>
        Enum.GetValues<ReasonCode>().ToFrozenDictionary(code => code, code => $"{origin}/reasons/{code.ToText()}");
}

using Microsoft.AspNetCore.Http;
using Symbolon.Core.OAuth;

namespace Symbolon.Server.Edge;

/// <summary>The origins that the gate lets in are those that tokens are for. Callers come to the public ones, also where administrators have their own.</summary>
internal sealed class CallerOrigins(EdgeRules rules) : IPublicOrigins
{
    public string? Primary => rules.Public.Named is [var first, ..] ? first : null;

    public string? Selected(string? host) => host is null ? null : rules.Public.OriginOf(new HostString(host));

    public bool Includes(string origin) => rules.Public.Includes(origin);
}

using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Symbolon.Server.Edge;

/// <summary>
/// The allow-list of Host and Origin of one surface, which is what stands against DNS rebinding: a page of a foreign site can make a
/// browser connect to us, but not name us. IDENTITY.md section 5, no. 19.
/// </summary>
public sealed class PublicOrigins
{
    private FrozenSet<string> hosts = FrozenSet<string>.Empty;
    private FrozenSet<string> origins = FrozenSet<string>.Empty;
    private FrozenDictionary<string, string> byHost = FrozenDictionary<string, string>.Empty;
    private FrozenSet<string> strict = FrozenSet<string>.Empty;
    private FrozenSet<string> exact = FrozenSet<string>.Empty;
    private string[] named = [];

    /// <summary>As they were set, without twins, as a browser writes them.</summary>
    public IReadOnlyList<string> Named => Volatile.Read(ref named);

    /// <summary>What is known until the next call; each text must be an origin. Twins of loopback origins are added.</summary>
    public void Set(IEnumerable<string> urls)
    {
        var known = urls.Select(PublicOrigin.Parse).OfType<PublicOrigin>().Distinct().ToList();
        var all = known.SelectMany(origin => origin.WithTwin()).Distinct().ToList();
        Volatile.Write(ref named, [.. known.Select(origin => origin.Text)]);
        Volatile.Write(ref byHost, all.SelectMany(origin => origin.HostHeaders.Select(host => (Host: host, origin.Text))).GroupBy(pair => pair.Host, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Key, group => group.First().Text, StringComparer.OrdinalIgnoreCase));
        Volatile.Write(ref exact, all.Select(origin => origin.Text).ToFrozenSet(StringComparer.Ordinal));
        Volatile.Write(ref strict, all.Where(origin => origin.IsStrict).SelectMany(origin => origin.HostHeaders).ToFrozenSet(StringComparer.OrdinalIgnoreCase));
        Volatile.Write(ref hosts, all.SelectMany(origin => origin.HostHeaders).ToFrozenSet(StringComparer.OrdinalIgnoreCase));
        Volatile.Write(ref origins, all.Select(origin => origin.Text).ToFrozenSet(StringComparer.OrdinalIgnoreCase));
    }

    public bool AllowsHost(HostString host) => host.Value is { } value && Volatile.Read(ref hosts).Contains(value);

    /// <summary>The origin that a Host header selects, the first where several have it; null for one that is not known.</summary>
    public string? OriginOf(HostString host) => host.Value is { } value ? Volatile.Read(ref byHost).GetValueOrDefault(value) : null;

    /// <summary>Whether the origin that a Host header selects is one of <see cref="PublicOrigin.IsStrict"/>.</summary>
    public bool IsStrict(HostString host) => Volatile.Read(ref strict) is { Count: > 0 } names && host.Value is { } value && names.Contains(value);

    /// <summary>Whether this is one of them, twins included, in exactly the spelling that <see cref="OriginOf"/> gives.</summary>
    public bool Includes(string origin) => Volatile.Read(ref exact).Contains(origin);

    /// <summary>True also for a request without Origin: programs send none. <c>null</c> (a sandboxed page) is in no list.</summary>
    public bool AllowsOrigin(StringValues origin) =>
        origin.Count == 0 || (origin.Count == 1 && origin[0] is { } value && Volatile.Read(ref origins).Contains(value));
}

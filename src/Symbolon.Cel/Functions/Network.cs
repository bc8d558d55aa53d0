using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary>The extension network: addresses and networks, as Kubernetes and cel-spec have them.</summary>
internal static class Network
{
    private static readonly CelValue NoOverload = CelValue.Of(CelError.NoOverload);

    public static IEnumerable<CelFunction> All =>
    [
        new CelFunction("ip").Add((in CelValue a, CelMeter meter) => a.Kind switch
        {
            CelKind.String => ToAddress(a),
            CelKind.Ip => a,
            CelKind.Cidr => CelValue.Of(a.AsNetwork.Address),
            _ => NoOverload,
        }, "(string) ip", "(ip) ip", "cidr.() ip"),
        new CelFunction("isIP").Add((in CelValue a, CelMeter meter) => a.Kind == CelKind.String ? CelValue.Of(CelAddress.Parse(a.AsText(), out _) is not null) : NoOverload, "(string) bool"),
        new CelFunction("ip.isCanonical").Add((in CelValue a, CelMeter meter) =>
            a.Kind != CelKind.String ? NoOverload : CelAddress.Parse(a.AsText(), out var fault) is { } found ? CelValue.Of(found.ToString() == a.AsText()) : CelValue.Error(fault!), "(string) bool"),
        new CelFunction("cidr").Add((in CelValue a, CelMeter meter) =>
            a.Kind == CelKind.Cidr ? a : a.Kind != CelKind.String ? NoOverload : CelNetwork.Parse(a.AsText(), out var fault) is { } found ? CelValue.Of(found) : CelValue.Error(fault!), "(string) cidr", "(cidr) cidr"),
        new CelFunction("isCIDR").Add((in CelValue a, CelMeter meter) => a.Kind == CelKind.String ? CelValue.Of(CelNetwork.Parse(a.AsText(), out _) is not null) : NoOverload, "(string) bool"),
        Of("family", address => CelValue.Of(address.IsV4 ? 4L : 6L), "ip.() int"),
        Of("isUnspecified", address => CelValue.Of(address.IsUnspecified), "ip.() bool"),
        Of("isLoopback", address => CelValue.Of(address.IsLoopback), "ip.() bool"),
        Of("isGlobalUnicast", address => CelValue.Of(address.IsGlobalUnicast), "ip.() bool"),
        Of("isLinkLocalMulticast", address => CelValue.Of(address.IsLinkLocalMulticast), "ip.() bool"),
        Of("isLinkLocalUnicast", address => CelValue.Of(address.IsLinkLocalUnicast), "ip.() bool"),
        new CelFunction("containsIP").Add((in CelValue network, in CelValue address, CelMeter meter) =>
        {
            if (network.Kind != CelKind.Cidr) return NoOverload;
            var found = address.Kind == CelKind.String ? ToAddress(address) : address;
            return found.Kind == CelKind.Ip ? CelValue.Of(network.AsNetwork.Contains(found.AsAddress)) : found.IsFault ? found : NoOverload;
        }, "cidr.(ip) bool", "cidr.(string) bool"),
        new CelFunction("containsCIDR").Add((in CelValue network, in CelValue other, CelMeter meter) =>
        {
            if (network.Kind != CelKind.Cidr) return NoOverload;
            if (other.Kind == CelKind.Cidr) return CelValue.Of(network.AsNetwork.Contains(other.AsNetwork));
            return other.Kind != CelKind.String ? NoOverload : CelNetwork.Parse(other.AsText(), out var fault) is { } found ? CelValue.Of(network.AsNetwork.Contains(found)) : CelValue.Error(fault!);
        }, "cidr.(cidr) bool", "cidr.(string) bool"),
        new CelFunction("masked").Add((in CelValue a, CelMeter meter) => a.Kind == CelKind.Cidr ? CelValue.Of(a.AsNetwork.Masked()) : NoOverload, "cidr.() cidr"),
        new CelFunction("prefixLength").Add((in CelValue a, CelMeter meter) => a.Kind == CelKind.Cidr ? CelValue.Of((long)a.AsNetwork.Length) : NoOverload, "cidr.() int"),
    ];

    private static CelFunction Of(string name, Func<CelAddress, CelValue> of, string overload) =>
        new CelFunction(name).Add((in CelValue a, CelMeter meter) => a.Kind == CelKind.Ip ? of(a.AsAddress) : NoOverload, overload);

    private static CelValue ToAddress(in CelValue text) => CelAddress.Parse(text.AsText(), out var fault) is { } found ? CelValue.Of(found) : CelValue.Error(fault!);
}

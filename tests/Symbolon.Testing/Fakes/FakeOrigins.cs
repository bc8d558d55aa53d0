using Symbolon.Core.OAuth;

namespace Symbolon.Testing.Fakes;

/// <summary>Known as <c>https://symbolon.example.com</c> and under a loopback address with its twin.</summary>
public sealed class FakeOrigins : IPublicOrigins
{
    public const string Origin = "https://symbolon.example.com";

    private static readonly Dictionary<string, string> ByHost = new(StringComparer.OrdinalIgnoreCase)
    {
        ["symbolon.example.com"] = Origin, ["127.0.0.1:8750"] = "http://127.0.0.1:8750", ["localhost:8750"] = "http://localhost:8750",
    };

    public string? Primary => Origin;

    public string? Selected(string? host) => host is null ? null : ByHost.GetValueOrDefault(host);

    public bool Includes(string origin) => ByHost.ContainsValue(origin);
}

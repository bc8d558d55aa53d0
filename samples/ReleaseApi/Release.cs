using System.Collections.Concurrent;

namespace ReleaseApi;

/// <summary>What runs in a namespace.</summary>
internal sealed record Release(string Namespace, string Name, string Version, int Ready, int Wanted);

/// <summary>A few releases in memory.</summary>
internal sealed class ReleaseStore
{
    private readonly ConcurrentDictionary<(string, string), Release> releases = new(new Release[]
    {
        new("checkout", "web", "4.2.0", 3, 3), new("checkout", "worker", "4.2.0", 1, 2), new("payments", "ledger", "9.0.1", 2, 2),
    }.ToDictionary(release => (release.Namespace, release.Name)));

    public IReadOnlyList<Release> In(string within) => [.. releases.Values.Where(release => release.Namespace == within).OrderBy(release => release.Name, StringComparer.Ordinal)];

    public Release? Find(string within, string name) => releases.GetValueOrDefault((within, name));

    public bool Remove(string within, string name) => releases.TryRemove((within, name), out _);
}

using System.Collections.Concurrent;

namespace Symbolon.EndToEndTests.Crowds;

/// <summary>What all members of a crowd did, and what reached somebody that it should not have.</summary>
internal sealed class CrowdTally
{
    private readonly ConcurrentDictionary<string, long> counts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, long>> perMember = new(StringComparer.Ordinal);

    /// <summary>The same of the servers behind the gateway.</summary>
    public ConcurrentQueue<string> Wrongs { get; } = new();

    public IReadOnlyDictionary<string, long> Counts => counts;

    /// <summary>Also for the member, to be compared with its records.</summary>
    public void Call(string marker, string what)
    {
        Count(what);
        perMember.GetOrAdd(marker, _ => new(StringComparer.Ordinal)).AddOrUpdate(what, 1, (_, before) => before + 1);
    }

    public void Count(string what) => counts.AddOrUpdate(what, 1, (_, before) => before + 1);

    public long Of(string marker, string what) => perMember.TryGetValue(marker, out var own) && own.TryGetValue(what, out var count) ? count : 0;

    public void Wrong(string what) => Wrongs.Enqueue(what);

    public override string ToString() => string.Join(", ", counts.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Key} {each.Value}"));
}

using System.Collections.Immutable;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Registry;

/// <summary>
/// How old the key of a server's instance may get. A server's file says so, and the operator for all servers, for those with a label, or for those whose tools have an
/// effect; the shortest counts. A key past it gets no token: all it may still do is to vouch for the one that takes its place.
/// </summary>
public sealed record KeyAgeRules
{
    public const string Rule = "'TIME', 'label:NAME=VALUE=TIME' or 'effect:EFFECT=TIME', with a time between 1h and 365d";

    /// <summary>Seconds for all servers; null for no such rule.</summary>
    public long? Seconds { get; init; }

    public ImmutableArray<(string Name, string Value, long Seconds)> ByLabel { get; init; } = [];

    public ImmutableArray<(Effect Effect, long Seconds)> ByEffect { get; init; } = [];

    /// <exception cref="FormatException">A rule in another form; the text says which.</exception>
    public static KeyAgeRules Parse(IEnumerable<string> rules)
    {
        var read = new KeyAgeRules();
        foreach (var rule in rules)
        {
            var cut = rule.LastIndexOf('=');
            if (!Durations.TryParse(rule[(cut + 1)..], out var seconds) || seconds is < UpstreamCredential.Exchange.LeastRotation or > UpstreamCredential.Exchange.MostRotation) throw Wrong(rule);
            var of = cut < 0 ? "" : rule[..cut];
            if (cut < 0) read = read with { Seconds = seconds };
            else if (of.StartsWith("effect:", StringComparison.Ordinal) && Effects.TryParse(of["effect:".Length..], out var effect)) read = read with { ByEffect = read.ByEffect.Add((effect, seconds)) };
            else if (of.StartsWith("label:", StringComparison.Ordinal) && of["label:".Length..].Split('=') is [{ Length: > 0 } name, var value]) read = read with { ByLabel = read.ByLabel.Add((name, value, seconds)) };
            else throw Wrong(rule);
        }
        return read;
    }

    /// <returns>Null for keys of any age.</returns>
    public long? SecondsOf(ServerManifest manifest)
    {
        var all = new List<long?> { Seconds, (manifest.Credential as UpstreamCredential.Exchange)?.RotationSeconds };
        foreach (var (name, value, seconds) in ByLabel)
            if (manifest.Labels.TryGetValue(name, out var found) && found == value) all.Add(seconds);
        foreach (var (effect, seconds) in ByEffect)
            if (manifest.Tools.Any(tool => tool.Effect == effect)) all.Add(seconds);
        return all.Min();
    }

    /// <summary>When a key gets no more tokens. Microseconds since the Unix epoch; null for never.</summary>
    public long? DueAt(ServerManifest manifest, ServerInstance instance)
    {
        var byAge = SecondsOf(manifest) is { } seconds ? instance.EnrolledAt + seconds * 1_000_000 : (long?)null;
        return new[] { byAge, instance.ReplaceBy }.Min();
    }

    private static FormatException Wrong(string rule) => new($"expects {Rule}, not '{rule}'");
}

using System.Collections.Immutable;
using Symbolon.Jose.Json;

namespace Symbolon.Client.Callers;

/// <summary>The subject and the actors of a token, told apart by how Symbolon writes them.</summary>
internal sealed record DelegationChain
{
    public const int MostActors = 4;

    private const int MostLength = 512;
    private const string AgentPrefix = "agent:";
    private const string WorkflowPrefix = "workflow:";
    private const string ServerPrefix = "server:";

    public required string Subject { get; init; }

    public required ImmutableArray<string> Actors { get; init; }

    public string? Person => !Subject.Contains(':', StringComparison.Ordinal) && Subject.Contains('@', StringComparison.Ordinal) ? Subject : null;

    public string? Agent => Find(AgentPrefix);

    public string? Workflow => Find(WorkflowPrefix);

    public string? Server => Find(ServerPrefix);

    /// <summary>Whoever is named in it, the sender first.</summary>
    public IEnumerable<string> All => Actors.Append(Subject);

    /// <returns>Null for a chain that is deeper than <see cref="MostActors"/>, names somebody twice, or has something else in an actor than <c>sub</c> and <c>act</c>.</returns>
    public static DelegationChain? Read(JsonValue root, string subject)
    {
        var actors = ImmutableArray.CreateBuilder<string>();
        var level = root;
        while (level.TryGetMember("act"u8, out var actor))
        {
            level = actor.Value;
            if (level.Kind != JsonKind.Object || actors.Count == MostActors) return null;
            foreach (var member in level.Members)
                if (!member.NameEquals("sub"u8) && !member.NameEquals("act"u8)) return null;
            if (!level.TryGetMember("sub"u8, out var name) || !name.Value.TryGetString(out var text) || text.Length is 0 or > MostLength) return null;
            if (text == subject || actors.Contains(text, StringComparer.Ordinal)) return null;
            actors.Add(text);
        }
        return new DelegationChain { Subject = subject, Actors = actors.ToImmutable() };
    }

    private string? Find(string prefix)
    {
        foreach (var name in All)
            if (name.StartsWith(prefix, StringComparison.Ordinal)) return name[prefix.Length..];
        return null;
    }
}

using Symbolon.Core.Identity;
using Symbolon.Jose.Json;

namespace Symbolon.Core.OAuth;

/// <summary>
/// A holder as claims: <c>sub</c> is the person, else the workflow, else the agent; whoever acts besides is in <c>act</c>, the agent outermost
/// (RFC 8693 §4.1). People are e-mail addresses; agents and workflows are written as the client ids that they have.
/// </summary>
public static class HolderClaims
{
    /// <summary>The texts of the chain: the subject, then the actors from the outermost to the innermost.</summary>
    public static IReadOnlyList<string> ChainOf(Holder holder)
    {
        var chain = new List<string>();
        if (holder.User is { } user) chain.Add(user.Value);
        if (holder is { User: null, Workflow: { } first }) chain.Add(ClientId.Of(first).Value);
        if (holder.Agent is { } agent) chain.Add(ClientId.Of(agent).Value);
        if (holder is { User: not null, Workflow: { } workflow }) chain.Add(ClientId.Of(workflow).Value);
        return chain;
    }

    /// <summary>Reads what <see cref="ChainOf"/> has written, and nothing else: a chain in another order or with somebody twice is none of ours.</summary>
    /// <param name="root">The payload, scanned.</param>
    public static Holder? Read(JsonValue root, string subject)
    {
        var chain = new List<string> { subject };
        var level = root;
        while (level.TryGetMember("act"u8, out var actor))
        {
            if (chain.Count == 3 || !actor.Value.TryGetMember("sub"u8, out var name) || !name.Value.TryGetString(out var text)) return null;
            chain.Add(text);
            level = actor.Value;
        }
        return OfChain(chain);
    }

    /// <summary>The way back of <see cref="ChainOf"/>; null for a chain that it does not write.</summary>
    public static Holder? OfChain(IReadOnlyList<string> chain)
    {
        var holder = new Holder();
        foreach (var text in chain)
        {
            var id = new ClientId(text);
            if (id.Agent is { } agent) holder = holder with { Agent = agent };
            else if (id.Workflow is { } workflow) holder = holder with { Workflow = workflow };
            else if (UserEmail.TryParse(text, out var user) && user.Value == text) holder = holder with { User = user };
            else return null;
        }
        return ChainOf(holder).SequenceEqual(chain, StringComparer.Ordinal) ? holder : null;
    }
}

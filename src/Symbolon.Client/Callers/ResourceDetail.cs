using System.Collections.Immutable;
using Symbolon.Jose.Json;

namespace Symbolon.Client.Callers;

/// <summary>What a token lets its bearer do with some resources: one item of <c>authorization_details</c> (RFC 9396) of the type <c>symbolon_resource</c>.</summary>
public sealed class ResourceDetail
{
    private const int Most = 256;
    private const int MostActions = 16;
    private const int MostActionLength = 32;

    private readonly ResourcePattern pattern;

    private ResourceDetail(ImmutableArray<string> actions, string resource, ResourcePattern pattern) => (Actions, Resource, this.pattern) = (actions, resource, pattern);

    /// <summary>E.g. <c>read</c>.</summary>
    public ImmutableArray<string> Actions { get; }

    /// <summary>A pattern, e.g. <c>cluster:prod/namespace:checkout/*</c>.</summary>
    public string Resource { get; }

    /// <param name="resource">One resource in full.</param>
    public bool Allows(string action, string resource) => Actions.Contains(action, StringComparer.Ordinal) && pattern.Matches(resource);

    public override string ToString() => string.Join(' ', Actions.Select(action => $"{action}:{Resource}"));

    /// <returns>Null when a part of it is not understood: then the token is not either (RFC 9396 §9.1).</returns>
    internal static ImmutableArray<ResourceDetail>? ReadAll(JsonValue list)
    {
        if (list.Kind != JsonKind.Array) return null;
        var details = ImmutableArray.CreateBuilder<ResourceDetail>();
        foreach (var item in list.Items)
        {
            if (details.Count == Most || Read(item) is not { } detail) return null;
            details.Add(detail);
        }
        return details.Count == 0 ? null : details.ToImmutable();
    }

    private static ResourceDetail? Read(JsonValue item)
    {
        if (item.Kind != JsonKind.Object) return null;
        var isOurs = false;
        ImmutableArray<string>? actions = null;
        string? resource = null;
        foreach (var member in item.Members)
        {
            if (member.NameEquals("type"u8)) isOurs = member.Value.TextEquals("symbolon_resource"u8);
            else if (member.NameEquals("actions"u8)) actions = ReadActions(member.Value);
            else if (member.NameEquals("resource"u8)) member.Value.TryGetString(out resource);
            else return null;
        }
        return isOurs && actions is { } named && resource is not null && ResourcePattern.Parse(resource) is { } pattern ? new ResourceDetail(named, resource, pattern) : null;
    }

    private static ImmutableArray<string>? ReadActions(JsonValue list)
    {
        var actions = ImmutableArray.CreateBuilder<string>();
        if (list.Kind != JsonKind.Array) return null;
        foreach (var item in list.Items)
        {
            if (actions.Count == MostActions || !item.TryGetString(out var action) || !IsAction(action)) return null;
            actions.Add(action);
        }
        return actions.Count == 0 ? null : actions.ToImmutable();
    }

    private static bool IsAction(string text) =>
        text.Length is > 0 and <= MostActionLength && char.IsAsciiLetterLower(text[0])
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '_' or '-');
}

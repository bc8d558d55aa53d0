using System.Collections.Immutable;
using Symbolon.Core.Identity;
using Symbolon.Core.Resources;

namespace Symbolon.Core.Registry.Reach;

/// <summary>Something that is got at, or happens, because of something else.</summary>
public sealed class ReachedResource
{
    /// <summary>The steps that <see cref="Words"/> names one by one.</summary>
    private const int MostNamed = 8;

    public required ResourcePattern Resource { get; init; }

    /// <summary>Where the last step came from: a part of the union, or the resource of <see cref="Before"/>.</summary>
    public required ResourcePattern From { get; init; }

    /// <summary>The object of <c>kind: Resource</c> that says so.</summary>
    public required ResourceName By { get; init; }

    /// <summary>Whether the last step is by its <c>triggers</c>, not by its <c>reaches</c>.</summary>
    public required bool IsTriggered { get; init; }

    /// <summary>The highest of what is known about it; null where nothing is.</summary>
    public Sensitivity? Sensitivity { get; init; }

    /// <summary>The step before this one; null where this is the first.</summary>
    public ReachedResource? Before { get; init; }

    /// <summary>Steps from the union; at least 1. There is no shorter way.</summary>
    public int Steps => (Before?.Steps ?? 0) + 1;

    /// <summary>All steps, from the union on.</summary>
    public IReadOnlyList<ReachedResource> Via
    {
        get
        {
            var steps = new List<ReachedResource>();
            for (var step = this; step is not null; step = step.Before) steps.Add(step);
            steps.Reverse();
            return steps;
        }
    }

    /// <summary>The way as a sentence shows it: <c>project/*/metadata → project/*/secrets</c>, and <c>⇒</c> for what is triggered. A long one is cut in its middle.</summary>
    public string Words
    {
        get
        {
            var via = Via;
            var cut = via.Count - MostNamed;
            return via[0].From.Text + string.Concat(via.Select((step, i) => cut <= 0 || i < MostNamed / 2 || i >= via.Count - MostNamed / 2 ? Arrow(step) + step.Resource.Text
                : i == MostNamed / 2 ? $"{Arrow(step)}… {cut} more …" : ""));

            static string Arrow(ReachedResource step) => step.IsTriggered ? " ⇒ " : " → ";
        }
    }

    public override string ToString() => Words;
}

/// <summary>What a union gets at beyond itself.</summary>
/// <param name="Reaches">What is got at, whatever the action; what is within the union is left out. By its text.</param>
/// <param name="Triggers">What starts, changes or is deployed because of the union or of what it reaches, and what that reaches and triggers in turn. By its text.</param>
/// <param name="MostSensitive">The highest of the union, of what it reaches and of what it triggers; null where nothing is known of any.</param>
public sealed record ResourceReach(ImmutableArray<ReachedResource> Reaches, ImmutableArray<ReachedResource> Triggers, Sensitivity? MostSensitive)
{
    public static readonly ResourceReach None = new([], [], null);
}

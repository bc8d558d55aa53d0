using System.Collections.Immutable;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;

namespace Symbolon.Registry.Reviews;

/// <summary>
/// What of a new manifest may serve at once, since it only tightens or stays inside the envelope, and what waits for reviewers. Whatever is not known to be
/// harmless waits. DESIGN.md section 1, Envelope, and section 4, Drift.
/// </summary>
/// <param name="Live">The approved manifest with the harmless part of the changes.</param>
/// <param name="Waiting">Where the proposed one still differs from it; empty when nobody has to be asked.</param>
internal sealed record ManifestSplit(ServerManifest Live, ImmutableArray<WaitingPart> Waiting)
{
    public static ManifestSplit Of(ServerName server, ServerManifest approved, ServerManifest proposed, ResourceSet envelope)
    {
        var before = approved.Tools.ToDictionary(tool => tool.Name);
        var live = approved with
        {
            // Who answers for it decides nothing; the rest of these can only get stricter.
            Owner = proposed.Owner,
            ConcealTools = approved.ConcealTools || proposed.ConcealTools,
            // It may ask clients for less at any time.
            ClientFeatures = approved.ClientFeatures & proposed.ClientFeatures,
            Binding = approved.Binding ?? proposed.Binding,
            Content = proposed.Content == RecordedContent.None ? RecordedContent.None : approved.Content,
            Credential = Lasting(approved.Credential, proposed.Credential),
            OnDrift = proposed.OnDrift == DriftRule.SuspendServer ? DriftRule.SuspendServer : approved.OnDrift,
            Tools = [.. proposed.Tools.Where(tool => before.ContainsKey(tool.Name)).Select(tool => IsHarmless(before[tool.Name], tool, envelope) ? tool : before[tool.Name])],
        };
        var waiting = DocumentDiff.Between(new Document.Server(server, live), new Document.Server(server, proposed));
        var after = proposed.Tools.ToDictionary(tool => tool.Name.Value);
        return new ManifestSplit(live, [.. waiting.Select(change => WaitingPart.Of(change, after, envelope))]);
    }

    /// <summary>Of a credential only shorter lives, of tokens and of keys, are harmless: another API, or another way, is for reviewers.</summary>
    private static UpstreamCredential Lasting(UpstreamCredential before, UpstreamCredential after) =>
        (before, after) is (UpstreamCredential.Exchange one, UpstreamCredential.Exchange other)
            ? one with
            {
                TtlSeconds = Math.Min(one.TtlSeconds, other.TtlSeconds),
                RotationSeconds = one.File is not null ? null : one.RotationSeconds is { } age ? Math.Min(age, other.RotationSeconds ?? age) : other.RotationSeconds,
            }
            : before;

    /// <summary>A definition that nobody read, another class of effect, a flag less or a looser constraint are none of these, whatever the tool needs.</summary>
    private static bool IsHarmless(ManifestTool before, ManifestTool after, ResourceSet envelope) =>
        ReferenceEquals(before, after)
        || (Same(after with { Flags = before.Flags, Needs = before.Needs, RecordedArguments = before.RecordedArguments, Arguments = before.Arguments is null ? null : after.Arguments }, before)
            && (before.Flags & ~after.Flags) == ToolFlags.None
            && after.RecordedArguments.All(before.RecordedArguments.Contains)
            && KeepsNeeds(before, after)
            && envelope.Covers(ToolNeeds.Union([after])));

    /// <summary>
    /// Tokens that are limited to resources are held to what a tool says it needs: it may say more, or less of the same, but neither leave out what was reviewed, nor say another
    /// thing in its place, nor name a resource where an argument of the call stood.
    /// </summary>
    private static bool KeepsNeeds(ManifestTool before, ManifestTool after) => before.Needs.IsEmpty
        ? after.Needs.IsEmpty
        : before.Needs.All(need => after.Needs.Any(other => other.Actions.ToHashSet().SetEquals(need.Actions) && AreOfOneKind(need.Resource, other.Resource)));

    private static bool AreOfOneKind(ResourcePattern before, ResourcePattern after) =>
        before.Equals(after) || (!before.Arguments.Any() && after.Open().IsWithin(before)) || (!after.Arguments.Any() && before.Open().IsWithin(after));

    private static bool Same(ManifestTool one, ManifestTool other) => Alone(one).SaysTheSameAs(Alone(other));

    private static Document.Server Alone(ManifestTool tool) =>
        new(new ServerName("x"), new ServerManifest { Owner = "x@example.com", Upstream = new UpstreamAddress.Http { Url = Nowhere }, Tools = [tool] });

    private static readonly Uri Nowhere = new("http://127.0.0.1/");
}

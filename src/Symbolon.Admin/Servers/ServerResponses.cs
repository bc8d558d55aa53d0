using Symbolon.Admin.Api;
using Symbolon.Core;
using Symbolon.Core.Outbound;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;
using Symbolon.Registry.Servers;

namespace Symbolon.Admin.Servers;

/// <summary>Servers as the API shows them.</summary>
internal static class ServerResponses
{
    public static ServerSummary Summary(ServerObject server, UpstreamReading reading) => new()
    {
        Name = server.Name.Value,
        Owner = server.Owner,
        State = server.State.ToText(),
        Transport = Shown(server)?.Upstream.Transport ?? "http",
        Url = Shown(server)?.Upstream.Endpoint?.OriginalString,
        Command = Shown(server)?.Upstream is UpstreamAddress.Stdio process ? process.Shown : null,
        StartedBy = reading.StartedBy switch { ProcessStarter.Gateway => "gateway", ProcessStarter.Runner => "runner", _ => null },
        ApprovedVersion = server.Approved?.Number,
        PendingVersion = server.Pending?.Number,
        ToolCount = Shown(server)?.Tools.Length ?? 0,
        Effects = EffectCountsResponse.Of(Shown(server)?.Tools ?? []),
        Health = reading.Health switch { UpstreamHealth.Ok => "ok", UpstreamHealth.Unreachable => "unreachable", _ => "unknown" },
        Findings = FindingResponse.Of(Shown(server)?.Credential),
        SuspendedTools = reading.Tools.Where(tool => tool.Value.IsSuspended).Select(tool => tool.Key).Concat(server.Drifted.Select(drifted => drifted.Tool)).Distinct().Count(),
    };

    /// <param name="place">Where the host of the pending version leads now, if that was asked.</param>
    public static ServerResponse Whole(ServerObject server, UpstreamReading reading, long? version, IReadOnlyList<ObjectVersion> history, HostPlace? place = null) =>
        new(Summary(server, reading), Shown(server)?.Labels.ToDictionary() ?? [], [.. history.Select(History).OfType<ServerHistoryResponse>()])
        {
            Version = version,
            ReadAt = reading.ReadAt is { } at ? UnixTime.FromMicroseconds(at) : null,
            Fault = reading.Fault,
            CircuitOpenSince = reading.CircuitOpenSince is { } since ? UnixTime.FromMicroseconds(since) : null,
            PendingReview = server.PendingReview is { } pending ? new ReviewName(server.Name, pending).ToString() : null,
            DriftReview = server.DriftReview is { } drift ? new ReviewName(server.Name, drift).ToString() : null,
            Drifted = [.. server.Drifted.Select(drifted => drifted.Tool.Value).Distinct()],
            Envelope = server.Approved is null ? null : NeedResponse.Of(server.EnvelopeSet().Needs),
            LastChange = StateChangeResponse.Of(server.LastChange),
            Approved = Manifest(server.Approved, server.Approved?.Place),
            Pending = Manifest(server.Pending, place),
            PendingDiff = server is { Approved: { } approved, Pending: { } next }
                ? ManifestDiffResponse.Of(DocumentDiff.Between(new Document.Server(server.Name, approved.Manifest), new Document.Server(server.Name, next.Manifest)))
                : null,
        };

    public static ServerManifest? Shown(ServerObject server) => (server.Approved ?? server.Pending)?.Manifest;

    private static ManifestResponse? Manifest(ManifestVersion? version, HostPlace? place) => version is null ? null : new ManifestResponse
    {
        Number = version.Number,
        AppliedBy = version.AppliedBy,
        AppliedAt = UnixTime.FromMicroseconds(version.AppliedAt),
        ApprovedBy = version.ApprovedBy,
        ApprovedAt = version.ApprovedAt is { } at ? UnixTime.FromMicroseconds(at) : null,
        SelfApproved = version.SelfApproved,
        InEnvelopeOf = version.InEnvelopeOf,
        RollbackTo = version.RollbackTo,
        Commit = version.Source?.Commit,
        Author = version.Source?.Author,
        HostPlace = place switch
        {
            HostPlace.Inside => "inside",
            HostPlace.Outside => "outside",
            HostPlace.Forbidden => "forbidden",
            HostPlace.Unknown => "unknown",
            _ => null,
        },
        NeedsInside = version.ApprovedAt is null && ApprovalCheck.NeedsConsent(version, place),
        Warnings = version.ApprovedAt is null ? ApprovalWarnings.Of(version, place) : [],
        Owner = version.Manifest.Owner,
        Transport = version.Manifest.Upstream.Transport,
        Url = version.Manifest.Upstream.Endpoint?.OriginalString,
        Process = version.Manifest.Upstream is UpstreamAddress.Stdio process ? Process(process) : null,
        Era = version.Manifest.Upstream.Era switch { UpstreamEra.Legacy => "legacy", UpstreamEra.Modern => "modern", _ => "auto" },
        Credential = version.Manifest.Credential switch
        {
            UpstreamCredential.Stored secret => new CredentialResponse(secret is UpstreamCredential.Shared ? "shared" : "static", secret.Header, secret.Env, secret.Secret, secret.Expires, File: secret.File),
            UpstreamCredential.Exchange exchange => new CredentialResponse("exchange", null, null, null, null, exchange.Audience, Durations.ToText(exchange.TtlSeconds), FederationResponse.Of(exchange.Federation), exchange.File,
                exchange.RotationSeconds is { } age ? Durations.ToText(age) : null),
            UpstreamCredential.Foreign foreign => new CredentialResponse("exchange", null, null, null, null, foreign.Audience, At: new ForeignResponse(
                foreign.TokenEndpoint, foreign.Issuer, foreign.Client, foreign.Style.ToText(), foreign.Scope, foreign.Secret, foreign.Expires)),
            _ => new CredentialResponse("none", null, null, null, null),
        },
        Limits = version.Manifest.Limits is { } limits ? Limits(limits) : null,
        ConcealTools = version.Manifest.ConcealTools,
        ClientFeatures = [.. version.Manifest.ClientFeatures.ToTexts()],
        AuditContent = version.Manifest.Content == RecordedContent.Arguments ? "arguments" : "none",
        Tools = [.. version.Manifest.Tools.Select(Tool)],
        Needs = NeedResponse.Of(ToolNeeds.Union(version.Manifest.Tools).Needs),
    };

    private static LimitsResponse Limits(UpstreamLimits limits) => new(
        limits.AnswerBytes is { } bytes ? ByteSizes.ToText(bytes) : null, Time(limits.ConnectSeconds), Time(limits.SilenceSeconds), Time(limits.CallSeconds));

    private static string? Time(int? seconds) => seconds is { } found ? Durations.ToText(found) : null;

    private static ProcessResponse Process(UpstreamAddress.Stdio process) => new()
    {
        Command = process.Command,
        Args = process.Args,
        Env = process.Env,
        Cwd = process.Cwd,
        Isolation = process.Isolation switch { ProcessIsolation.Caller => "caller", ProcessIsolation.Session => "session", _ => "shared" },
        Digests = [.. process.Digests.Select(pinned => new PinnedFileResponse(pinned.Path, pinned.Target, pinned.Digest))],
    };

    private static ToolResponse Tool(ManifestTool tool) => new()
    {
        Name = tool.Name.Value,
        Title = tool.Title,
        Description = tool.Description,
        Effect = tool.Effect.ToText(),
        Flags = [.. tool.Flags.ToTexts()],
        Needs = NeedResponse.Of(tool.Needs),
        Arguments = tool.Arguments?.Json,
        RecordedArguments = tool.RecordedArguments,
        Annotations = tool.Annotations,
        Digests = new DigestsResponse(tool.Digests.Legacy, tool.Digests.Modern),
    };

    private static ServerHistoryResponse? History(ObjectVersion entry) => entry.Item is not ServerObject server ? null : new ServerHistoryResponse(
        entry.Version, server.State.ToText(), server.Approved?.Number, server.Pending?.Number, entry.ChangedBy, UnixTime.FromMicroseconds(entry.ChangedAt));
}

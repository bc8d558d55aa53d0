using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Symbolon.Admin.Api;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Admin.Servers;

/// <summary>A server in a list.</summary>
public record ServerSummary
{
    [JsonPropertyOrder(-1)]
    public required string Name { get; init; }
    [JsonPropertyOrder(-1)]
    public required string Owner { get; init; }

    /// <summary><c>pending</c>, <c>active</c>, <c>suspended</c> or <c>retired</c>.</summary>
    [JsonPropertyOrder(-1)]
    public required string State { get; init; }

    /// <summary><c>http</c>, <c>sse</c> or <c>stdio</c>.</summary>
    [JsonPropertyOrder(-1)]
    public required string Transport { get; init; }

    /// <summary>Where it is; absent for a process.</summary>
    [JsonPropertyOrder(-1)]
    public string? Url { get; init; }

    /// <summary>The command of a process with its arguments, as text for people; the parts are in <c>process</c> of a version.</summary>
    [JsonPropertyOrder(-1)]
    public string? Command { get; init; }

    /// <summary>
    /// Who starts its process on this node: <c>gateway</c>, so that it runs as Symbolon's user and can read what that can, the data folder too, or
    /// <c>runner</c>. Absent for a server that is no process.
    /// </summary>
    [JsonPropertyOrder(-1)]
    public string? StartedBy { get; init; }

    /// <summary>Number of the version that serves; absent before the first approval.</summary>
    [JsonPropertyOrder(-1)]
    public int? ApprovedVersion { get; init; }

    /// <summary>Number of the version that waits for approval.</summary>
    [JsonPropertyOrder(-1)]
    public int? PendingVersion { get; init; }

    /// <summary>How many tools the version that serves has, or the pending one before the first approval.</summary>
    [JsonPropertyOrder(-1)]
    public required int ToolCount { get; init; }

    /// <summary>The same tools by what they do.</summary>
    [JsonPropertyOrder(-1)]
    public required EffectCountsResponse Effects { get; init; }

    /// <summary>
    /// <c>ok</c>, <c>unreachable</c> or <c>unknown</c>: what the node that answers found when it read the tools last. It reads them only
    /// while the server is active and used.
    /// </summary>
    [JsonPropertyOrder(-1)]
    public required string Health { get; init; }

    /// <summary>Tools whose calls are refused, as what the server lists is not what was reviewed.</summary>
    [JsonPropertyOrder(-1)]
    public required int SuspendedTools { get; init; }

    /// <summary>What is not as it should be with the version that serves, or the pending one before the first approval; empty where nothing is.</summary>
    [JsonPropertyOrder(-1)]
    public required IReadOnlyList<FindingResponse> Findings { get; init; }

    /// <summary>When the oldest key was enrolled that an instance uses; absent where there is none.</summary>
    [JsonPropertyOrder(-1)]
    public DateTimeOffset? OldestKeyAt { get; init; }

    /// <summary>Calls that were let through in the last 30 days, some seconds late; absent while the store cannot be asked.</summary>
    [JsonPropertyOrder(-1)]
    public long? Calls30Days { get; init; }

    /// <summary>Calls that were refused for what they are, in the same time.</summary>
    [JsonPropertyOrder(-1)]
    public long? Refused30Days { get; init; }

    /// <summary>The last that was let through; absent where there was none.</summary>
    [JsonPropertyOrder(-1)]
    public DateTimeOffset? LastUsedAt { get; init; }
}

/// <summary>A server with all that is known of it.</summary>
public sealed record ServerResponse : ServerSummary
{
    public ServerResponse() { }

    [SetsRequiredMembers]
    internal ServerResponse(ServerSummary summary, IReadOnlyDictionary<string, string> labels, IReadOnlyList<ServerHistoryResponse> versions) : base(summary) =>
        (Labels, Versions) = (labels, versions);

    /// <summary>Version of the object, also its <c>ETag</c>; absent while the store cannot be asked.</summary>
    public long? Version { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>When the answering node read its whole list of tools last; absent where it has not.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>Why it is <c>unreachable</c>, or why another authorization server gave no token for a call of it last.</summary>
    public string? Fault { get; init; }

    /// <summary>Since when the answering node refuses calls to it without trying, but for one every few seconds: connections failed again and again. Absent while it tries each.</summary>
    public DateTimeOffset? CircuitOpenSince { get; init; }
    public StateChangeResponse? LastChange { get; init; }
    public ManifestResponse? Approved { get; init; }

    /// <summary>What reviewers approved last: a manifest that needs no more is live at once. Absent before the first approval.</summary>
    public IReadOnlyList<NeedResponse>? Envelope { get; init; }

    /// <summary>Keys of its instances, the oldest first; absent where there are none.</summary>
    public IReadOnlyList<ServerKeyResponse>? Keys { get; init; }

    /// <summary>The open review of the pending version: <c>deploy.3</c>.</summary>
    public string? PendingReview { get; init; }

    /// <summary>The open review of tools that drifted.</summary>
    public string? DriftReview { get; init; }

    /// <summary>Tools that were listed otherwise than they were reviewed, on any node: suspended until they are reviewed.</summary>
    public IReadOnlyList<string> Drifted { get; init; } = [];
    public ManifestResponse? Pending { get; init; }

    /// <summary>What approving the pending version would change; absent unless both versions are there.</summary>
    public ManifestDiffResponse? PendingDiff { get; init; }

    /// <summary>Every version of the object, oldest first; empty while the store cannot be asked.</summary>
    public required IReadOnlyList<ServerHistoryResponse> Versions { get; init; }
}

/// <summary>One version of a manifest.</summary>
public sealed record ManifestResponse
{
    public required int Number { get; init; }
    public required string AppliedBy { get; init; }
    public required DateTimeOffset AppliedAt { get; init; }
    public string? ApprovedBy { get; init; }
    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>Approved by who applied it, while there is no second reviewer.</summary>
    public bool SelfApproved { get; init; }

    /// <summary>Number of the approved version in whose envelope this one is, so that nobody was asked; absent for one that was approved itself.</summary>
    public int? InEnvelopeOf { get; init; }

    /// <summary>Number of the version that it takes back to; absent for one from a file.</summary>
    public int? RollbackTo { get; init; }

    /// <summary>Commit of its file; absent where nobody said.</summary>
    public string? Commit { get; init; }

    /// <summary>Who wrote that commit.</summary>
    public string? Author { get; init; }

    /// <summary>
    /// Where the host led when this version was approved, <c>inside</c> this network or <c>outside</c>; it is held to the latter. For the
    /// pending version of a server that is read alone: where it leads now, also <c>unknown</c> (no address) or <c>forbidden</c> (never connected to).
    /// Absent where nobody asked.
    /// </summary>
    public string? HostPlace { get; init; }

    /// <summary>The host's name leads inside now, so that approving this version needs <c>inside: true</c>.</summary>
    public bool NeedsInside { get; init; }

    /// <summary>Of the pending version of a server that is read alone: what to look at before it is approved, for people. Empty where nothing stands out.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
    public required string Owner { get; init; }

    /// <summary><c>http</c>, <c>sse</c> or <c>stdio</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>Absent for a process.</summary>
    public string? Url { get; init; }

    /// <summary>What is started, for <c>stdio</c> alone.</summary>
    public ProcessResponse? Process { get; init; }

    /// <summary><c>auto</c>, <c>legacy</c> or <c>modern</c>.</summary>
    public required string Era { get; init; }
    public required CredentialResponse Credential { get; init; }

    /// <summary>Absent where the node's own limits hold.</summary>
    public LimitsResponse? Limits { get; init; }
    public required bool ConcealTools { get; init; }

    /// <summary>What it may ask of a client in the middle of a request: <c>sampling</c>, <c>elicitation</c>, <c>roots</c>; empty for nothing.</summary>
    public required IReadOnlyList<string> ClientFeatures { get; init; }

    /// <summary>What the audit keeps of a call: <c>none</c>, which is its HMAC and size, or <c>arguments</c>, those that the tool names, redacted.</summary>
    public required string AuditContent { get; init; }
    public required IReadOnlyList<ToolResponse> Tools { get; init; }

    /// <summary>All that its tools need behind it, in the shortest form: the server's scope, computed and never typed.</summary>
    public required IReadOnlyList<NeedResponse> Needs { get; init; }
}

/// <param name="Actions">At least one, e.g. <c>read</c>.</param>
/// <param name="Resource">A pattern, e.g. <c>cluster:prod/namespace:{namespace}/*</c>; an argument of the tool is in braces, and never in a union.</param>
public sealed record NeedResponse(IReadOnlyList<string> Actions, string Resource)
{
    internal static IReadOnlyList<NeedResponse> Of(IEnumerable<Core.Resources.ResourceNeed> needs) => [.. needs.Select(need => new NeedResponse(need.Actions, need.Resource.Text))];
}

/// <summary>What a process is started from, without a shell.</summary>
public sealed record ProcessResponse
{
    /// <summary>Absolute path.</summary>
    public required string Command { get; init; }
    public required IReadOnlyList<string> Args { get; init; }

    /// <summary>Plain values.</summary>
    public required IReadOnlyDictionary<string, string> Env { get; init; }

    /// <summary>The folder that it starts in; absent for the root folder.</summary>
    public string? Cwd { get; init; }

    /// <summary><c>shared</c>, <c>caller</c> or <c>session</c>: who speaks with one process.</summary>
    public required string Isolation { get; init; }

    /// <summary>The files that are held to after the approval.</summary>
    public required IReadOnlyList<PinnedFileResponse> Digests { get; init; }
}

/// <param name="Path">As the command or an argument leads to it.</param>
/// <param name="Target">The file that really is read, with every link followed.</param>
/// <param name="Digest"><c>sha256:</c> and hex digits.</param>
public sealed record PinnedFileResponse(string Path, string Target, string Digest);

/// <summary>In the words of the file; absent where the node's own limit holds.</summary>
/// <param name="Answer">One JSON answer or SSE event, e.g. <c>16MiB</c>.</param>
/// <param name="Connect">Until a connection stands, e.g. <c>5s</c>.</param>
/// <param name="Silence">Without a word of the server within a call.</param>
/// <param name="Call">A whole call.</param>
public sealed record LimitsResponse(string? Answer, string? Connect, string? Silence, string? Call);

/// <param name="Mode"><c>none</c>, <c>static</c>, <c>shared</c> or <c>exchange</c>.</param>
/// <param name="Header">The request header that carries it.</param>
/// <param name="Env">The variable of the process that carries it.</param>
/// <param name="Secret">Name of the stored secret; its value is nowhere to be read.</param>
/// <param name="Expires">Last day, UTC.</param>
/// <param name="Audience">Of <c>exchange</c>: the API that the server's tokens are for.</param>
/// <param name="Ttl">Of <c>exchange</c>: the life of the server's credential, e.g. <c>1h</c>.</param>
/// <param name="Federation">Of <c>exchange</c>: whom foreign issuers know its instances as; absent where there is nobody.</param>
/// <param name="File">The variable of a process that names the file in which it is; absent where it is in no file.</param>
/// <param name="Rotation">Of <c>exchange</c>: how old keys of instances may get, e.g. <c>30d</c>; absent where the file does not say.</param>
/// <param name="At">Of <c>exchange</c>: the other authorization server that the server's tokens come from; absent where they are ours.</param>
public sealed record CredentialResponse(
    string Mode, string? Header, string? Env, string? Secret, DateOnly? Expires, string? Audience = null, string? Ttl = null, IReadOnlyList<FederationResponse>? Federation = null, string? File = null,
    string? Rotation = null, ForeignResponse? At = null);

/// <summary>Another authorization server, in the words of the file.</summary>
/// <param name="TokenEndpoint">Its address.</param>
/// <param name="Issuer">Whom what it is shown is for; absent where that is the address.</param>
/// <param name="Client">What the gateway is called there.</param>
/// <param name="Style"><c>token-exchange</c> or <c>on-behalf-of</c>.</param>
/// <param name="Scope">What is asked for; absent for what the client gets without asking.</param>
/// <param name="Secret">Name of the stored secret that is the client's; absent where a signature stands for it.</param>
/// <param name="Expires">Last day of that secret, UTC.</param>
public sealed record ForeignResponse(string TokenEndpoint, string? Issuer, string Client, string Style, string? Scope, string? Secret, DateOnly? Expires);

public sealed record ToolResponse
{
    public required string Name { get; init; }
    public string? Title { get; init; }
    public string? Description { get; init; }

    /// <summary><c>read</c>, <c>write</c> or <c>irreversible</c>.</summary>
    public required string Effect { get; init; }
    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>What a call does behind the server; empty where nobody has said.</summary>
    public required IReadOnlyList<NeedResponse> Needs { get; init; }

    /// <summary>What the arguments of every call are held to, JSON Schema; null for nothing but what the server itself asks.</summary>
    public System.Text.Json.JsonElement? Arguments { get; init; }

    /// <summary>Arguments that the audit keeps, redacted.</summary>
    public required IReadOnlyList<string> RecordedArguments { get; init; }

    /// <summary>As the server declares them; never trusted alone.</summary>
    public System.Text.Json.JsonElement? Annotations { get; init; }

    /// <summary>The reviewed definition by era: <c>legacy</c>, <c>modern</c>.</summary>
    public required DigestsResponse Digests { get; init; }
}

public sealed record DigestsResponse(string? Legacy, string? Modern);

public sealed record ManifestDiffResponse(
    IReadOnlyList<string> ToolsAdded, IReadOnlyList<string> ToolsRemoved, IReadOnlyList<ToolDiffResponse> ToolsChanged, IReadOnlyList<string> FieldsChanged)
{
    internal static ManifestDiffResponse Of(IReadOnlyList<FieldChange> changes) => new(
        Sorted(changes.Where(change => change is { Tool: not null, Field: "", Before: null }).Select(change => change.Tool!)),
        Sorted(changes.Where(change => change is { Tool: not null, Field: "", After: null }).Select(change => change.Tool!)),
        [.. changes.Where(change => change is { Tool: not null, Field: not "" }).GroupBy(change => change.Tool!).OrderBy(tool => tool.Key, StringComparer.Ordinal)
            .Select(tool => new ToolDiffResponse(tool.Key, Sorted(tool.Select(change => change.Field))))],
        // The order of the tools says nothing.
        Sorted(changes.Where(change => change is { Tool: null, Field: not "spec.tools" }).Select(change => change.Field)));

    private static IReadOnlyList<string> Sorted(IEnumerable<string> names) => [.. names.Distinct().Order(StringComparer.Ordinal)];
}

/// <param name="Fields">Names of the fields that differ, e.g. <c>effect</c>.</param>
public sealed record ToolDiffResponse(string Name, IReadOnlyList<string> Fields);

public sealed record ServerHistoryResponse(long Version, string State, int? Approved, int? Pending, string ChangedBy, DateTimeOffset ChangedAt);

using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Policy;
using Symbolon.Core.Policy.Limits;
using Symbolon.Core.Policy.Rules;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Authentication;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Policies;
using Symbolon.Gateway.Sealing;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Credentials;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// One request on its way: what was read, who asks, what was decided, what came back. Rented for the length of a request, so that a
/// call allocates little; nothing may keep it beyond that.
/// </summary>
internal sealed class Exchange : IDisposable
{
    private readonly Lock gate = new();
    private CancellationTokenSource stop = new();
    private CancellationTokenRegistration clientWatch;
    private (OrganisationId Organisation, IncrementalHash Mac)? mac;

    public HttpContext Http { get; private set; } = null!;

    /// <summary>Its record, until that is closed: from then on the entry may be another request's.</summary>
    public CallEntry? Entry { get; private set; }

    /// <summary>The id by which the records of this request are tied together.</summary>
    public Guid Call { get; private set; }

    public McpMessage Message { get; } = new();

    /// <summary>What goes to the upstream.</summary>
    public ByteBuffer Outgoing { get; } = new();

    /// <summary>What came from the upstream and is not used up.</summary>
    public ByteBuffer Incoming { get; } = new();

    /// <summary>What we write ourselves.</summary>
    public ByteBuffer Own { get; } = new();

    public AnswerEnvelope Envelope { get; } = new();

    public SseFramer Framer { get; } = new();

    public string Server { get; private set; } = "";

    /// <summary>Whether it carries a message; the other methods are about the stream and the end of a session.</summary>
    public bool IsPost { get; private set; }

    /// <summary>The one that brought the batch in which this message was; null for a message by itself.</summary>
    public Exchange? Batch { get; set; }

    /// <summary>It came to the OAuth family of addresses.</summary>
    public bool IsOAuth { get; set; }

    /// <summary>What a refusal tells of the way to a token; null on <c>/t</c>, and until there is a refusal.</summary>
    public ResourceChallenge? Challenge { get; set; }

    public CallerToken? Caller { get; set; }

    /// <summary>The proof that came with a bound token and is not used up yet: with the record of this request, if not before.</summary>
    public ProofUse? Proof { get; set; }

    public Standing.Known? Standing { get; set; }

    public Upstream? Upstream { get; set; }

    public Era Era { get; set; }

    /// <summary>What the upstream is told; null where nobody said (2025-03-26 without a session).</summary>
    public ProtocolRevision? Revision { get; set; }

    public UpstreamSession? Session { get; set; }

    public ToolReach? Tool { get; set; }

    /// <summary>What was compared with the arguments of a call.</summary>
    public ToolInput Input { get; set; } = ToolInput.Empty;

    /// <summary>The prompt or resource that it is about, and the decision on it.</summary>
    public FeatureTarget? Target { get; set; }
    public FeatureReach? Feature { get; set; }

    /// <summary>Where a stream is taken up again; null for what begins here.</summary>
    public StreamPlace? Resumed { get; set; }

    /// <summary>The call that made the task that it is about; null for what is about none.</summary>
    public Guid? TaskOf { get; set; }

    /// <summary>What the server had asked for that this message answers.</summary>
    public ClientFeatures AnswersTo { get; set; }

    /// <summary>Requests of the server that were relayed to the client.</summary>
    public int Asked { get; set; }

    /// <summary>How the call stands to the resources that its token is limited to; null for a token without such a limit.</summary>
    public ResourceUse? Resources { get; set; }

    /// <summary>Itself as rules see it.</summary>
    public RuleCall AsRulesSee { get; } = new();

    /// <summary>What its session has done, for a list.</summary>
    public IReadOnlyList<string> ListFlags { get; set; } = [];

    /// <summary>What the rules say of it; null for what they are not asked of.</summary>
    public RuleVerdict? Verdict { get; set; }

    /// <summary>The rule behind its end, where it is none of the verdict: a limit, or somebody who was asked.</summary>
    public string? DecidedBy { get; set; }

    /// <summary>What observing rules would have said, found out after the verdict.</summary>
    public string? Observed { get; set; }

    /// <summary>Why somebody who was asked gave no answer, for the record.</summary>
    public string? Unanswered { get; set; }

    /// <summary>What was taken of limits: given back at the end.</summary>
    public LimitAnswer.Taken? Taken { get; set; }

    /// <summary>It is among those that may be open at once: it ends where it began.</summary>
    public bool HoldsPlace { get; set; }

    /// <summary>The same of limits that only observe.</summary>
    public List<LimitAnswer.Taken> Watched { get; } = [];

    /// <summary>It went out, or may have: limits stay used.</summary>
    public bool IsForwarded { get; set; }

    /// <summary>What is to be done with its result; null for nothing.</summary>
    public ResultDuty? Duty { get; set; }

    /// <summary>The constraint of the tool's file that the arguments do not meet.</summary>
    public string? UnmetConstraint { get; set; }

    /// <summary>Under which the server and what is behind it work for this call, 32 hex digits: the caller's, else one of ours. Null where nobody is told one.</summary>
    public string? Trace { get; set; }

    public CredentialHeader Credential { get; set; } = CredentialHeader.None;

    /// <summary>Microseconds since the Unix epoch, at the start.</summary>
    public long Now { get; private set; }

    /// <summary>Timestamps.</summary>
    public long StartedAt { get; private set; }
    public long HeardAt { get; set; }

    /// <summary>The upstream is being waited for, so its silence counts.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>The client was asked something, and the server waits for that: its silence does not count.</summary>
    public bool IsAsking { get; set; }

    /// <summary>The client holds the id of an event of its stream: it can take it up again.</summary>
    public bool IsResumable { get; set; }

    /// <summary>Its client asks for the rest of a stream that ends without an answer (2025-11-25).</summary>
    public bool CanComeBack => Resumed is { Method: not McpMethod.None } || (IsResumable && Revision == ProtocolRevision.V20251125);

    /// <summary>The stream of a session, which may be silent and long.</summary>
    public bool IsListening { get; set; }

    public int? UpstreamStatus { get; set; }

    /// <summary>How it goes with the upstream is waited for, by whoever else would call it.</summary>
    public bool TellsCircuit { get; set; }

    /// <summary>The final message where it lies in <see cref="Incoming"/>; absent when <see cref="Own"/> holds it.</summary>
    public Slice Final { get; set; }

    /// <summary>Where in <see cref="Incoming"/> the unconsumed bytes start.</summary>
    public int Head { get; set; }

    public ReadOnlySpan<byte> Answer => Final.IsPresent ? Final.In(Incoming.Span) : Own.Span;

    /// <summary>The upstream answered with events, and so do we.</summary>
    public bool AnswersWithEvents { get; set; }

    /// <summary>Headers of an event stream are on their way; no status can be chosen any more.</summary>
    public bool HasBegun { get; set; }

    /// <summary>The legacy client told that it no longer waits for this request.</summary>
    public bool IsCancelledByClient { get; private set; }

    public int Dropped { get; set; }

    /// <summary>How often the upstream's stream was taken up again.</summary>
    public int Resumptions { get; set; }

    public bool IsServerSuspended { get; set; }

    /// <summary>What is sent to the upstream.</summary>
    public HttpRequestMessage? Request { get; set; }

    /// <summary>The upstream's answer, to be read to its end so that the connection can serve again.</summary>
    public HttpResponseMessage? Response { get; set; }

    public Stream? Rest { get; set; }

    /// <summary>Why it was stopped from outside; null while it was not.</summary>
    public Refusal? StopReason { get; private set; }

    public bool HasClientLeft { get; private set; }

    /// <summary>The client has come for the rest of its stream elsewhere, or will: how it ends is recorded there.</summary>
    public bool IsDetached { get; private set; }

    public CancellationToken Stop => stop.Token;

    // Links of the list of open exchanges; written under its lock.
    internal Exchange? Next { get; set; }
    internal Exchange? Previous { get; set; }
    internal int Stripe { get; set; }

    public void Open(HttpContext http, CallEntry entry, long now, long timestamp)
    {
        Http = http;
        Entry = entry;
        Call = entry.Request.Call!.Value;
        Server = http.Request.RouteValues["server"] as string ?? "";
        IsPost = HttpMethods.IsPost(http.Request.Method);
        Now = now;
        StartedAt = HeardAt = timestamp;
    }

    /// <summary>Its record is being closed; nobody may touch it through this exchange any more.</summary>
    public void LetEntryGo() => Entry = null;

    /// <summary>Ends it: what waits for the upstream wakes up and answers with this refusal. The first reason counts.</summary>
    public void End(Refusal reason)
    {
        lock (gate)
        {
            if (StopReason is not null || stop.IsCancellationRequested) return;
            StopReason = reason;
        }
        _ = stop.CancelAsync();
    }

    /// <summary>Its client does not want the answer any more.</summary>
    /// <param name="atOnce">What waits for the upstream wakes up.</param>
    public void Cancel(bool atOnce)
    {
        IsCancelledByClient = true;
        if (atOnce) _ = stop.CancelAsync();
    }

    /// <inheritdoc cref="IsDetached"/>
    public void Detach()
    {
        IsDetached = true;
        _ = stop.CancelAsync();
    }

    /// <summary>From now on a client that leaves cancels the call. PROTOCOL.md section 6.</summary>
    public void WatchClient()
    {
        if (clientWatch == default) clientWatch = Http.RequestAborted.UnsafeRegister(static state => ((Exchange)state!).ClientLeft(), this);
    }

    /// <summary>Makes it ready for the next request. It is in no list any more.</summary>
    public void Reset()
    {
        clientWatch.Dispose();
        clientWatch = default;
        if (!stop.TryReset())
        {
            stop.Dispose();
            stop = new CancellationTokenSource();
        }
        Request?.Dispose();
        Request = null;
        Response?.Dispose();
        Message.Reset();
        Outgoing.Clear();
        Incoming.Clear();
        Own.Clear();
        Framer.Reset();
        Http = null!;
        Entry = null;
        Server = "";
        IsOAuth = false;
        Batch = null;
        Challenge = null;
        Caller = null;
        Proof = null;
        Standing = null;
        Upstream = null;
        Era = Era.Legacy;
        Revision = null;
        Session = null;
        Tool = null;
        Input = ToolInput.Empty;
        Target = null;
        Feature = null;
        Resumed = null;
        TaskOf = null;
        AnswersTo = ClientFeatures.None;
        Asked = 0;
        IsAsking = IsResumable = IsDetached = false;
        Resources = null;
        UnmetConstraint = null;
        Verdict = null;
        ListFlags = [];
        DecidedBy = Observed = Unanswered = null;
        Taken = null;
        Watched.Clear();
        Duty = null;
        IsForwarded = HoldsPlace = false;
        Trace = null;
        Credential = CredentialHeader.None;
        IsServerSuspended = TellsCircuit = IsWaiting = IsListening = AnswersWithEvents = HasBegun = IsCancelledByClient = HasClientLeft = false;
        UpstreamStatus = null;
        Final = default;
        Head = Dropped = Resumptions = 0;
        Response = null;
        Rest = null;
        StopReason = null;
    }

    /// <summary>The HMAC under this organisation's audit key, if it was used last: setting one up costs more than the few bytes it reads.</summary>
    public IncrementalHash? MacOf(OrganisationId organisation) => mac is { } kept && kept.Organisation == organisation ? kept.Mac : null;

    public IncrementalHash Keep(OrganisationId organisation, IncrementalHash fresh)
    {
        mac?.Mac.Dispose();
        mac = (organisation, fresh);
        return fresh;
    }

    public void Dispose()
    {
        stop.Dispose();
        mac?.Mac.Dispose();
    }

    private void ClientLeft()
    {
        HasClientLeft = true;
        _ = stop.CancelAsync();
    }
}

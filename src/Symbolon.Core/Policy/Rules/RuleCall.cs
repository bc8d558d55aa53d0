using System.Net;
using Symbolon.Cel.Evaluation;
using Symbolon.Cel.Json;
using Symbolon.Cel.Values;
using Symbolon.Core.Resources;

namespace Symbolon.Core.Policy.Rules;

/// <summary>One request as rules see it. Used for one request after another; read only while its buffers hold what they held.</summary>
public sealed class RuleCall
{
    private readonly Variables variables;
    private readonly CelJson json = new();
    private RuleTarget target = null!;
    private CelValue arguments;
    private CelValue sessionValue;
    private CelValue callValue;
    private CelValue grantValue;
    private CelValue namedValue;
    private bool isRead;
    private UriReading? reading;

    public RuleCall() => variables = new Variables(this);

    internal CelActivation Activation => variables;

    public RuleCaller Caller { get; private set; } = null!;

    /// <summary>The name of the prompt, or the URI of the resource; null for a tool.</summary>
    public string? Named { get; private set; }

    /// <summary>The URI in the widest form that a server may read it in.</summary>
    internal UriReading Reading => reading ??= UriReading.Of(Named!);

    /// <summary>The arguments, where they lie; empty for none. Null where nobody knows them yet: what depends on them is unknown.</summary>
    public ArraySegment<byte>? Arguments { get; private set; }

    /// <summary>What the session has done: flags of tools that it called. Null where nobody knows now: what depends on them cannot be evaluated.</summary>
    public IReadOnlyList<string>? SessionFlags { get; set; } = [];

    public string? Grant { get; set; }

    /// <summary>Which resource of several it will be, and by which grant, is not known yet: what depends on that is unknown.</summary>
    public bool IsOfMany { get; set; }

    /// <summary>Microseconds since the Unix epoch.</summary>
    public long Time { get; set; }

    /// <summary>Of the peer.</summary>
    public IPAddress? Address { get; set; }

    public string? Trace { get; set; }

    /// <summary>Makes it about another request; the properties that can be set come after.</summary>
    public RuleCall Begin(RuleTarget about, RuleCaller caller, string? named, ArraySegment<byte>? args)
    {
        (target, Caller, Named, Arguments) = (about, caller, named, args);
        (SessionFlags, Grant, IsOfMany, Time, Address, Trace) = ([], null, false, 0, null, null);
        sessionValue = callValue = grantValue = namedValue = default;
        isRead = false;
        reading = null;
        return this;
    }

    private CelValue Resolve(int variable) => variable switch
    {
        RuleVariables.Arguments => isRead ? arguments : ReadArguments(),
        RuleVariables.Tool => target.ToolValue,
        RuleVariables.Server => target.ServerValue,
        RuleVariables.Subject => Caller.Subject,
        RuleVariables.Actor => Caller.Actor,
        RuleVariables.Client => Caller.Client,
        RuleVariables.Organisation => Caller.Organisation,
        RuleVariables.Grant => IsOfMany ? CelValue.Unknown : Once(ref grantValue, this, static call => new CelTable(("name", CelValue.Of(call.Grant ?? "")))),
        RuleVariables.Session => SessionFlags is null ? CelValue.Error("nobody knows now what the session has done")
            : Once(ref sessionValue, this, static call => new CelTable(("flags", CelValue.ListOf([.. call.SessionFlags!.Select(CelValue.Of)])))),
        RuleVariables.Call => Once(ref callValue, this, static call => new CelTable(
            ("time", CelValue.Of(DateTimeOffset.UnixEpoch.AddMicroseconds(call.Time))), ("ip", CelValue.Of(call.Address?.ToString() ?? "")), ("trace", CelValue.Of(call.Trace ?? "")))),
        _ => IsOfMany ? CelValue.Unknown
            : Once(ref namedValue, this, static call => new CelTable((call.target.Kind == RuleTargetKind.Resource ? "uri" : "name", CelValue.Of(call.Named ?? "")))),
    };

    /// <summary>Once for all rules.</summary>
    private CelValue ReadArguments()
    {
        isRead = true;
        return arguments = Arguments is not { } place ? CelValue.Unknown
            : place.Count == 0 ? CelValue.Of(CelTable.Empty)
            : json.Read(place.Array!, place.Offset, place.Count) is var read && (read.IsFault || read.Kind == CelKind.Map) ? read : CelValue.Error("the arguments are no object");
    }

    private static CelValue Once(ref CelValue kept, RuleCall call, Func<RuleCall, CelTable> make)
    {
        if (kept.Kind == CelKind.Null) kept = CelValue.Of(make(call));
        return kept;
    }

    /// <summary>Who uses rules need not know the language.</summary>
    private sealed class Variables(RuleCall call) : CelActivation
    {
        protected override CelValue Resolve(int variable) => call.Resolve(variable);
    }
}

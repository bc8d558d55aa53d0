using Symbolon.Cel;
using Symbolon.Cel.Types;
using Symbolon.Cel.Values;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Policy.Rules;

/// <summary>What rules may speak of (DESIGN.md section 4, Files), with the types that it has for one target: what is misspelt is found when a rule is saved.</summary>
internal static class RuleVariables
{
    public const int Arguments = 0;
    public const int Tool = 1;
    public const int Server = 2;
    public const int Subject = 3;
    public const int Actor = 4;
    public const int Client = 5;
    public const int Grant = 6;
    public const int Session = 7;
    public const int Call = 8;
    public const int Organisation = 9;

    /// <summary>The prompt or resource.</summary>
    public const int Named = 10;

    /// <summary>Longer ones are refused before they are read (DocumentLimits.Expression); a rule is evaluated on the way of a call.</summary>
    private static readonly CelLimits Limits = new() { Length = 4096, Depth = 100, Nodes = 2000, Cost = 100_000 };

    private static readonly string[] Names = ["args", "tool", "server", "subject", "actor", "client", "grant", "session", "call", "org", "prompt", "resource"];

    private static readonly CelType Texts = CelType.List(CelType.String);

    /// <param name="isNamed">Some rule names the tool itself: what its schema does not have is a mistake. What any tool may be has members that are asked for first.</param>
    public static CelEnvironment For(RuleTarget target, bool isNamed)
    {
        var variables = new List<CelVariable>
        {
            new("args", target.Kind switch
            {
                RuleTargetKind.Tool => SchemaTypes.OfArguments(target.Tool!.InputSchema, isStrict: isNamed),
                RuleTargetKind.Prompt => CelType.Map(CelType.String, CelType.String),
                _ => Closed(),
            }),
            new("tool", target.Tool is { } tool
                ? Closed(Only("name", tool.Name.Value), new("title", CelType.String), Only("effect", tool.Effect.ToText()), new("flags", Texts)) : Closed()),
            new("server", Closed(Only("name", target.Server.Value), new("owner", CelType.String), new("labels", CelType.Map(CelType.String, CelType.String)))),
            new("subject", Closed(new("user", CelType.String), new("groups", Texts))),
            new("actor", Closed(new("agent", CelType.String), new("workflow", CelType.String))),
            new("client", Closed(new CelMember("id", CelType.String))),
            new("grant", Closed(new CelMember("name", CelType.String))),
            new("session", Closed(new CelMember("flags", Texts) { ItemValues = [.. Enum.GetValues<ToolFlags>().SelectMany(flag => flag.ToTexts()).Distinct()] })),
            new("call", Closed(new("time", CelType.Timestamp), new("ip", CelType.String), new("trace", CelType.String))),
            new("org", Closed(new CelMember("id", CelType.String))),
        };
        if (target.Kind == RuleTargetKind.Prompt) variables.Add(new("prompt", Closed(new CelMember("name", CelType.String))));
        if (target.Kind == RuleTargetKind.Resource) variables.Add(new("resource", Closed(new CelMember("uri", CelType.String))));
        return new CelEnvironment(variables) { Limits = Limits };
    }

    /// <summary>Where no target is known: whether it is an expression at all.</summary>
    public static CelEnvironment ForAnything() =>
        new([.. Names.Select(name => new CelVariable(name, CelType.Dyn))]) { Limits = Limits };

    private static CelType Closed(params CelMember[] members) => CelType.Record(new CelShape(members, isOpen: false));

    private static CelMember Only(string name, string value) => new(name, CelType.String) { Values = [CelValue.Of(value)] };
}

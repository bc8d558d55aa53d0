using Symbolon.Cel.Values;

namespace Symbolon.Core.Policy.Rules;

/// <summary>Who calls, as rules know it: made once for a token. Empty texts stand for who takes no part.</summary>
public sealed class RuleCaller
{
    /// <param name="user">E-mail address of the person; null where none takes part.</param>
    /// <param name="client">Id of the OAuth client; null for a pasted token.</param>
    /// <param name="groups">Of the person.</param>
    public RuleCaller(string organisation, string? user, string? agent, string? workflow, string? client, IEnumerable<string> groups)
    {
        (User, Agent, Workflow) = (user, agent, workflow);
        Subject = CelValue.Of(new CelTable(("user", CelValue.Of(user ?? "")), ("groups", CelValue.ListOf([.. groups.Select(CelValue.Of)]))));
        Actor = CelValue.Of(new CelTable(("agent", CelValue.Of(agent ?? "")), ("workflow", CelValue.Of(workflow ?? ""))));
        Client = CelValue.Of(new CelTable(("id", CelValue.Of(client ?? ""))));
        Organisation = CelValue.Of(new CelTable(("id", CelValue.Of(organisation))));
    }

    public string? User { get; }

    public string? Agent { get; }

    public string? Workflow { get; }

    internal CelValue Subject { get; }

    internal CelValue Actor { get; }

    internal CelValue Client { get; }

    internal CelValue Organisation { get; }
}

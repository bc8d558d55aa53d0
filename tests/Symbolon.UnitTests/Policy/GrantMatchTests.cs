using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.UnitTests.Policy;

/// <summary>DESIGN.md section 4: who matches a grant.</summary>
[Trait("area", "policy")]
public sealed class GrantMatchTests
{
    private static readonly Holder[] Callers =
    [
        new() { User = UserEmail.Parse("alice@example.com") },
        new() { User = UserEmail.Parse("alice@example.com"), Agent = new AgentName("bot") },
        new() { Agent = new AgentName("bot") },
        new() { Agent = new AgentName("bot"), Workflow = new WorkflowName("ci") },
        new() { User = UserEmail.Parse("alice@example.com"), Agent = new AgentName("bot"), Workflow = new WorkflowName("ci") },
    ];

    [Theory]
    // to: users | agents | workflows           alice  +bot   bot    bot+ci all
    [InlineData("alice@example.com", "", "", "yes yes no no yes")]
    [InlineData("", "bot", "", "no no yes yes no")]
    [InlineData("alice@example.com", "bot", "", "no yes no no yes")]
    [InlineData("", "", "ci", "no no no yes no")]
    [InlineData("*", "bot", "ci", "no no no no yes")]
    [InlineData("", "", "", "no no no no no")]
    [InlineData("*", "", "", "yes yes no no yes")]
    [InlineData("bob@example.com", "", "", "no no no no no")]
    [InlineData("bob@example.com,alice@example.com", "", "", "yes yes no no yes")]
    [InlineData("", "other", "", "no no no no no")]
    [InlineData("", "other,bot", "", "no no yes yes no")]
    public void The_table_holds(string users, string agents, string workflows, string expected)
    {
        var to = new GrantSubjects
        {
            Users = [.. Split(users)],
            Agents = [.. Split(agents).Select(agent => new AgentName(agent))],
            Workflows = [.. Split(workflows).Select(workflow => new WorkflowName(workflow))],
        };
        Assert.Equal(expected, string.Join(' ', Callers.Select(caller => to.Match(caller) ? "yes" : "no")));
    }

    private static string[] Split(string names) => names.Split(',', StringSplitOptions.RemoveEmptyEntries);
}

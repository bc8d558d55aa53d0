namespace Symbolon.UnitTests.Cli;

[Trait("area", "cli")]
public sealed class FederationLintTests
{
    [Theory]
    [InlineData("ci", "repo:acme/shop:*", true)]
    [InlineData("ci", "*:ref:refs/heads/main", true)]
    [InlineData("ci", "repo:acme/web:*", false)]
    [InlineData("cluster", "repo:acme/shop:*", false)]
    public async Task Agents_and_workflows_whose_subjects_overlap_are_warned_of(string issuer, string subject, bool overlaps)
    {
        var fake = new FakeApi
        {
            Token = null,
            Answer = $$"""
                apiVersion: symbolon/v1
                kind: Agent
                metadata: { name: one, owner: ops@example.com }
                spec: { federation: [{ issuer: ci, subject: "repo:acme/shop:*" }, { issuer: ci, subject: "repo:acme/shop:ref:*" }] }
                ---
                apiVersion: symbolon/v1
                kind: Workflow
                metadata: { name: two, owner: ops@example.com }
                spec: { federation: [{ issuer: cluster, subject: x }, { issuer: {{issuer}}, subject: "{{subject}}" }] }
                """,
        };
        Assert.Equal(0, await fake.RunAsync("lint -f -"));
        Assert.Equal(overlaps, fake.Error.ToString().Contains("spec.federation[1]: some subjects are those of agent one too, and who comes as one of them is refused", StringComparison.Ordinal));
        Assert.Equal(overlaps, fake.Error.ToString().Contains("those of", StringComparison.Ordinal));
    }
}

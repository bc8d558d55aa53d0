using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway.Policies;

/// <summary>Lists by the same rules as calls.</summary>
[Trait("area", "gateway")]
public sealed class PolicyListTests : IDisposable
{
    private readonly GatewayRig rig = new();

    public PolicyListTests()
    {
        rig.Apply(FeatureRig.Grant(["*"], ["file:///**"]));
        rig.Upstream.Answer = request => ScriptedUpstream.Json("{\"jsonrpc\":\"2.0\",\"id\":" + request.Id + ",\"result\":" + request.Method switch
        {
            "prompts/list" => """{"prompts":[{"name":"greet"}]}""",
            "resources/list" => """{"resources":[{"uri":"file:///a","name":"a"}]}""",
            "resources/templates/list" => """{"resourceTemplates":[{"uriTemplate":"file:///docs/{name}","name":"d"},{"uriTemplate":"file:///keys/{name}","name":"k"}]}""",
            "prompts/get" => """{"messages":[]}""",
            "resources/read" => """{"contents":[]}""",
            "completion/complete" => """{"completion":{"values":[]}}""",
            _ => """{"content":[]}""",
        } + "}");
    }

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData("==", false)]
    [InlineData("!=", true)]
    public async Task A_rule_about_the_grant_says_the_same_of_lists_and_of_calls(string comparison, bool isAllowed)
    {
        var grant = GatewayRig.Grant().Name.Value;
        rig.Hold($$"""{"name":"by","servers":["*"],"when":"grant.name {{comparison}} '{{grant}}'","decision":"deny"}""");
        Assert.Equal(isAllowed ? 2 : 0, await CountAsync("tools/list", "tools"));
        Assert.Equal(isAllowed ? 1 : 0, await CountAsync("prompts/list", "prompts"));
        Assert.Equal(isAllowed ? 1 : 0, await CountAsync("resources/list", "resources"));
        // By which grant one will be read nobody knows.
        Assert.Equal(2, await CountAsync("resources/templates/list", "resourceTemplates"));
        var code = isAllowed ? null : "denied_by_policy";
        Assert.Equal(code, (await rig.CallAsync("rollout_status")).CodeOf());
        Assert.Equal(code, (await rig.PostAsync(FeatureRig.Request("prompts/get", "\"name\":\"greet\""))).CodeOf());
        Assert.Equal(code, (await rig.PostAsync(FeatureRig.Request("resources/read", "\"uri\":\"file:///a\""))).CodeOf());
    }

    [Theory]
    [InlineData("""{"name":"r","servers":["*"],"decision":"deny"}""", 0)]
    [InlineData("""{"name":"r","servers":["*"],"resources":["file:///**"],"decision":"deny"}""", 0)]
    [InlineData("""{"name":"r","servers":["*"],"resources":["file:///keys/**"],"decision":"deny"}""", 1)]
    [InlineData("""{"name":"r","servers":["*"],"resources":["file:///keys/a"],"decision":"deny"}""", 2)]
    [InlineData("""{"name":"r","servers":["*"],"when":"!resource.uri.startsWith('file:///keys/')","decision":"deny"}""", 2)]
    [InlineData("""{"name":"r","servers":["*"],"resources":["file:///keys/**"],"decision":"deny","mode":"observe"}""", 2)]
    [InlineData("""{"name":"r","servers":["*"],"prompts":["*"],"decision":"deny"}""", 2)]
    public async Task A_template_is_listed_and_completed_while_some_resource_of_it_could_be_had(string rule, int count)
    {
        rig.Hold(rule);
        Assert.Equal(count, await CountAsync("resources/templates/list", "resourceTemplates"));
        var completed = new[] { "docs", "keys" }.Select(folder => rig.PostAsync(FeatureRig.Request("completion/complete",
            $$"""
            "ref":{"type":"ref/resource","uri":"file:///{{folder}}/{name}"},"argument":{"name":"name","value":"a"}
            """)));
        Assert.Equal(count, (await Task.WhenAll(completed)).Count(answer => answer.CodeOf() is null));
    }

    private async Task<int> CountAsync(string method, string member) => (await rig.PostAsync(FeatureRig.Request(method))).Result.GetProperty(member).GetArrayLength();
}

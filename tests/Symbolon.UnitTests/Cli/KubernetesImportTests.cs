using System.Text.Json;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.UnitTests.Cli;

[Trait("area", "imports")]
public sealed class KubernetesImportTests
{
    private const string Tool = """{"tools":[{"name":"t","inputSchema":{"type":"object","properties":{"namespace":{"type":"string"},"name":{"type":"string"},"all":{"type":"boolean"}}},"_meta":{"io.kubernetes-mcp-server/rbac":RBAC}}]}""";

    [Fact]
    public async Task A_real_list_becomes_a_file_with_the_needs_that_its_RBAC_metadata_says()
    {
        var imported = await Imported.FromAsync(Imported.Data("kubernetes-tools-list.json"));

        Assert.Equal(0, imported.Code);
        Assert.Equal(20, imported.Manifest.Tools.Length);
        Assert.Equal("get:k8s/core/{namespace}/pods/{name}", imported.NeedsOf("pods_get"));
        Assert.Equal("get:k8s/core/{namespace}/pods/{name} get:k8s/core/{namespace}/pods/{name}/exec create:k8s/core/{namespace}/pods/{name}/exec", imported.NeedsOf("pods_exec"));
        Assert.Equal("get:k8s/metrics.k8s.io/*/nodes/* list:k8s/metrics.k8s.io/*/nodes/* list:k8s/core/*/nodes/*", imported.NeedsOf("nodes_top"));
        Assert.Equal("get:k8s/*/{namespace}/*/{name}/scale update:k8s/*/{namespace}/*/{name}/scale", imported.NeedsOf("resources_scale"));
        Assert.Equal("create:k8s/** patch:k8s/**", imported.NeedsOf("resources_create_or_update"));
        Assert.Equal("", imported.NeedsOf("configuration_view"));
        Assert.All(imported.Manifest.Tools, tool => Assert.Equal((71, tool.Digests.Legacy), (tool.Digests.Legacy!.Length, tool.Digests.Modern)));
        Assert.Equal((Effect.Read, Effect.Irreversible), (EffectOf("pods_get"), EffectOf("pods_delete")));
        Assert.Contains("# - tool resources_get: which resource it is about stands in the arguments apiVersion and kind, which no pattern can follow: it counts as any", imported.Comments);

        // What may be about everything swallows what it covers.
        var union = ToolNeeds.Union(imported.Manifest.Tools).Needs.Select(need => $"{string.Join(',', need.Actions)}:{need.Resource}");
        Assert.Equal(["create,patch:k8s/**", "delete,get,list:k8s/*/*/*/*", "get,update:k8s/*/*/*/*/scale", "get:k8s/core/*/nodes/*/proxy", "get:k8s/core/*/pods/*/exec", "get:k8s/core/*/pods/*/log"],
            union.Order(StringComparer.Ordinal));

        Effect EffectOf(string name) => imported.Manifest.Tools.Single(tool => tool.Name.Value == name).Effect;
    }

    [Theory]
    [InlineData("""{"version":"v1alpha1","bounded":{"requirements":[{"verbs":["get"],"target":{"resource":{"apiGroup":"apps","resource":"deployments"}},"namespace":{"name":"shop"},"resourceName":{"name":"web"}}]}}""", "get:k8s/apps/shop/deployments/web")]
    [InlineData("""{"version":"v1alpha1","bounded":{"requirements":[{"verbs":["get"],"target":{"resource":{"resource":"pods"}},"namespace":{"all":true}},{"verbs":["list","get"],"target":{"resource":{"resource":"pods"}}}]}}""", "get:k8s/core/*/pods/* list:k8s/core/*/pods/*")]
    [InlineData("""{"version":"v1alpha1","none":{}}""", "")]
    public async Task What_is_declared_is_taken(string rbac, string needs)
    {
        var imported = await Imported.FromAsync(Tool.Replace("RBAC", rbac, StringComparison.Ordinal));
        Assert.Equal((0, needs), (imported.Code, imported.NeedsOf("t")));
    }

    /// <summary>Contradictions and shapes that could say less than is needed: the tool stays, without any needs, and it is said why.</summary>
    [Theory]
    [InlineData("""{"version":"v1alpha1","bounded":{"requirements":[{"verbs":["get"],"target":{"resource":{"resource":"pods"}},"namespace":{"argument":"nobody"}}]}}""", "names {nobody}, which is no property")]
    [InlineData("""{"version":"v1alpha1","bounded":{"requirements":[{"verbs":["get"],"target":{"resource":{"resource":"pods"}},"namespace":{"argument":"all"}}]}}""", "names {all}, which is no property")]
    [InlineData("""{"version":"v1alpha1","unbounded":{"reason":"a chart \u001b[31m"}}""", "cannot be known ahead of a call: a chart")]
    [InlineData("""{"version":"v2","none":{}}""", "its version is not v1alpha1")]
    [InlineData("""{"version":"v1alpha1","none":{},"bounded":{"requirements":[]}}""", "exactly one of none, bounded and unbounded")]
    [InlineData("""{"version":"v1alpha1","bounded":{"requirements":[]}}""", "1 to 256")]
    [InlineData("""{"version":"v1alpha1","bounded":{"requirements":[{"verbs":[],"target":{"resource":{"resource":"pods"}}}]}}""", "verbs that are no actions")]
    [InlineData("""{"version":"v1alpha1","bounded":{"requirements":[{"verbs":["*"],"target":{"resource":{"resource":"pods"}}}]}}""", "verbs that are no actions")]
    [InlineData("""{"version":"v1alpha1","bounded":{"requirements":[{"verbs":["get"],"target":{"resource":{"resource":"*"}}}]}}""", "a target that is not")]
    [InlineData("""{"version":"v1alpha1","bounded":{"requirements":[{"verbs":["get"],"target":{"resource":{"resource":"pods/../x"}}}]}}""", "a target that is not")]
    [InlineData("""{"version":"v1alpha1","bounded":{"requirements":[{"verbs":["get"],"target":{"resource":{"resource":"pods"},"gvk":{"apiVersionArgument":"a","kindArgument":"b"}}}]}}""", "a target that is not")]
    [InlineData("""{"version":"v1alpha1","bounded":{"requirements":[{"verbs":["get"],"target":{"resource":{"resource":"pods"}},"unless":"x"}]}}""", "and at most a namespace and a resourceName besides")]
    [InlineData("""{"version":"v1alpha1","bounded":{"requirements":[{"verbs":["get"],"target":{"resource":{"resource":"pods"}},"namespace":{"name":"a","all":true}}]}}""", "a target that is not")]
    [InlineData("""{"version":"v1alpha1","bounded":{"requirements":[{"verbs":["get"],"target":{"resource":{"resource":"pods"}},"namespace":{"argument":"a}b"}}]}}""", "makes a pattern that")]
    [InlineData("[]", "it is no object")]
    public async Task What_contradicts_itself_is_not_taken_at_all(string rbac, string why)
    {
        var imported = await Imported.FromAsync(Tool.Replace("RBAC", rbac, StringComparison.Ordinal));
        Assert.Equal((2, ""), (imported.Code, imported.NeedsOf("t")));
        Assert.Contains(why, imported.Errors, StringComparison.Ordinal);
        Assert.Contains(imported.Comments, line => line.Contains("tool t has no needs", StringComparison.Ordinal));
        Assert.DoesNotContain("\u001b", imported.Yaml + imported.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"actions":["read"],"resource":"docs/{name}"}]""", 0, "read:docs/{name}")]
    [InlineData("""[{"actions":["read"],"resource":"docs/a"},{"actions":["write"],"resource":"docs/a"}]""", 0, "read:docs/a write:docs/a")]
    [InlineData("""[{"actions":["read"],"resource":"docs/{x}"}]""", 2, "")]
    [InlineData("""[{"actions":["read"],"resource":"docs//a"}]""", 2, "")]
    [InlineData("""[{"actions":["read"],"resource":"a"},{"actions":[],"resource":"b"}]""", 2, "")]
    [InlineData("""{"actions":["read"],"resource":"a"}""", 2, "")]
    public async Task What_a_server_says_in_our_own_words_is_taken_whole_or_not(string needs, int code, string expected)
    {
        var imported = await Imported.FromAsync(Tool.Replace("\"io.kubernetes-mcp-server/rbac\":RBAC", $"\"symbolon/needs\":{needs}", StringComparison.Ordinal));
        Assert.Equal((code, expected), (imported.Code, imported.NeedsOf("t")));
    }

    [Fact]
    public void Another_declaration_is_another_definition()
    {
        var one = Tool.Replace("RBAC", """{"version":"v1alpha1","none":{}}""", StringComparison.Ordinal);
        var digests = new[] { one, one.Replace("none", "bounded", StringComparison.Ordinal), one.Replace("io.kubernetes-mcp-server/rbac", "io.other/rbac", StringComparison.Ordinal) }
            .Select(text => ToolDigest.Of(JsonSerializer.SerializeToUtf8Bytes(JsonDocument.Parse(text).RootElement.GetProperty("tools")[0]))!.Text);
        Assert.Equal(3, digests.Distinct().Count());
    }
}

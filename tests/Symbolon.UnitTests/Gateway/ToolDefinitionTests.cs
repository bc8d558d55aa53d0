using System.Text;
using Symbolon.Core.Audit;
using Symbolon.Core.Tools;
using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Gateway;

/// <summary>Tools that are none by the specification are listed to nobody and cannot be called.</summary>
[Trait("area", "gateway")]
public sealed class ToolDefinitionTests
{
    public static TheoryData<string, string?> Schemas => new()
    {
        { """{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"integer","x-mcp-header":"B"},"c":{"type":"boolean","x-mcp-header":"c-1"}}}""", null },
        { """{"type":"object","properties":{"o":{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"}}}}}""", null },
        { """{"type":"object","properties":{"a":{"type":"string","default":{"x-mcp-header":1},"examples":[{"x-mcp-header":1}]}}}""", null },
        { """{"type":"object","properties":{"x-mcp-header":{"type":"string"}}}""", null },
        { """{"type":"object","properties":{"a":{"type":"number","x-mcp-header":"A"}}}""", "x-mcp-header of a, which is no string, integer or boolean" },
        { """{"type":"object","properties":{"a":{"type":["string","null"],"x-mcp-header":"A"}}}""", "x-mcp-header of a, which is no string, integer or boolean" },
        { """{"type":"object","properties":{"a":{"x-mcp-header":"A"}}}""", "x-mcp-header of a, which is no string, integer or boolean" },
        { """{"type":"object","properties":{"a":{"type":"string","x-mcp-header":""}}}""", "x-mcp-header of a is no name of a header" },
        { """{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A B"}}}""", "x-mcp-header of a is no name of a header" },
        { """{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A\r\nX: y"}}}""", "x-mcp-header of a is no name of a header" },
        { """{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"Ä"}}}""", "x-mcp-header of a is no name of a header" },
        { """{"type":"object","properties":{"a":{"type":"string","x-mcp-header":7}}}""", "x-mcp-header of a is no name of a header" },
        { """{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"Same"},"b":{"type":"string","x-mcp-header":"sAME"}}}""", "x-mcp-header sAME twice" },
        { """{"type":"object","properties":{"a":{"type":"array","items":{"type":"string","x-mcp-header":"A"}}}}""", "x-mcp-header where no argument is mirrored (items)" },
        { """{"type":"object","anyOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]}""", "x-mcp-header where no argument is mirrored (anyOf)" },
        { """{"type":"object","$defs":{"a":{"type":"string","x-mcp-header":"A"}}}""", "x-mcp-header where no argument is mirrored ($defs)" },
        { """{"type":"object","x-mcp-header":"A"}""", "x-mcp-header where no argument is mirrored (x-mcp-header)" },
        { """{"type":"object","additionalProperties":{"type":"string","x-mcp-header":"A"}}""", "x-mcp-header where no argument is mirrored (additionalProperties)" },
    };

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Annotations_of_headers_are_held_to_the_specification_in_the_modern_era(string schema, string? fault)
    {
        Assert.Equal(fault, FaultOf("{\"name\":\"a\",\"inputSchema\":" + schema + "}", Era.Modern));
        Assert.Null(FaultOf("{\"name\":\"a\",\"inputSchema\":" + schema + "}", Era.Legacy));
    }

    [Theory]
    [InlineData("\"description\":\"x\"", "inputSchema is missing or no object")]
    [InlineData("\"inputSchema\":true", "inputSchema is missing or no object")]
    [InlineData("\"inputSchema\":{}", "inputSchema.type is not \"object\"")]
    [InlineData("\"inputSchema\":{\"type\":[\"object\"]}", "inputSchema.type is not \"object\"")]
    [InlineData("\"inputSchema\":{\"type\":\"object\"},\"description\":7", "description is no string")]
    [InlineData("\"inputSchema\":{\"type\":\"object\"},\"title\":null", "title is no string")]
    [InlineData("\"inputSchema\":{\"type\":\"object\"},\"annotations\":[]", "annotations are no object")]
    [InlineData("\"inputSchema\":{\"type\":\"object\"},\"outputSchema\":7", "outputSchema is no")]
    public void A_definition_that_is_none_is_found_out_in_both_eras(string members, string fault)
    {
        foreach (var era in Enum.GetValues<Era>()) Assert.StartsWith(fault, FaultOf("{\"name\":\"a\"," + members + "}", era), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Such_a_tool_is_listed_to_nobody_cannot_be_called_and_is_recorded_once()
    {
        const string Broken = """{"name":"rollout_status","inputSchema":{"type":"object","properties":{"a":{"type":"number","x-mcp-header":"A"}}}}""";
        using var rig = new GatewayRig();
        rig.Upstream.Tools.Clear();
        rig.Upstream.Tools.AddRange([Broken, GatewayRig.WriteTool]);
        rig.Apply(GatewayRig.Server(manifest => manifest with { Tools = [GatewayRig.ToolOf(Broken, Effect.Read), manifest.Tools[1]] }, number: 2));
        for (var i = 0; i < 3; i++)
        {
            var listed = await rig.ModernAsync("tools/list");
            Assert.Equal("delete_release", Assert.Single(listed.Result.GetProperty("tools").EnumerateArray()).GetProperty("name").GetString());
        }
        Assert.Equal("unknown_tool", (await rig.ModernAsync("tools/call", "\"name\":\"rollout_status\"", "rollout_status")).ErrorCode);
        Assert.Equal(2, (await rig.PostAsync(FeatureRig.Request("tools/list"))).Result.GetProperty("tools").GetArrayLength());
        var dropped = Assert.Single(rig.Audit.Records, record => record.Kind == AuditKind.UpstreamDropped);
        Assert.Equal(("rollout_status", "a tool that is none by the specification: x-mcp-header of a, which is no string, integer or boolean"), (dropped.Tool, dropped.Reason));
    }

    [Fact]
    public async Task An_argument_inside_an_object_is_compared_with_the_header_that_mirrors_it()
    {
        const string Nested = """{"name":"rollout_status","inputSchema":{"type":"object","properties":{"o":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"}}}}}}""";
        using var rig = new GatewayRig();
        rig.Upstream.Tools.Clear();
        rig.Upstream.Tools.Add(Nested);
        rig.Apply(GatewayRig.Server(manifest => manifest with { Tools = [GatewayRig.ToolOf(Nested, Effect.Read)] }, number: 2));
        Assert.Equal(200, (await CallAsync("{\"o\":{\"region\":\"eu\"}}", "eu")).Status);
        foreach (var (arguments, header) in new (string, string?)[] { ("{\"o\":{\"region\":\"eu\"}}", "us"), ("{\"o\":{\"region\":\"eu\"}}", null), ("{\"o\":{}}", "eu"), ("{\"o\":7}", "eu"), ("{}", "eu") })
        {
            var refused = await CallAsync(arguments, header);
            Assert.Equal((400, -32020), (refused.Status, refused.Error.GetProperty("code").GetInt32()));
        }

        Task<GatewayRig.Answered> CallAsync(string arguments, string? header) => rig.ModernAsync("tools/call", "\"name\":\"rollout_status\",\"arguments\":" + arguments, "rollout_status", context =>
        {
            if (header is not null) context.Request.Headers["Mcp-Param-Region"] = header;
        });
    }

    private static string? FaultOf(string tool, Era era) => ToolDefinition.FaultOf(JsonValue.Root(Encoding.UTF8.GetBytes(tool)), era);
}

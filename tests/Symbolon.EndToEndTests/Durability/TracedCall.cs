using Symbolon.Testing.Mcp;

namespace Symbolon.EndToEndTests.Durability;

/// <summary>A call that can be found again in the audit, by the trace id that its caller gave it.</summary>
internal static class TracedCall
{
    /// <param name="trace">32 hex digits.</param>
    public static string Text(string tool, string trace, string arguments) =>
        McpText.Call(tool, arguments).Replace("\"_meta\":{", $"\"_meta\":{{\"traceparent\":\"00-{trace}-00f067aa0ba902b7-01\",", StringComparison.Ordinal);
}

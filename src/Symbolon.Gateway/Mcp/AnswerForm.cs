using Microsoft.AspNetCore.Http;

namespace Symbolon.Gateway.Mcp;

/// <summary>What a refusal is on the wire where its <see cref="RefusalForm"/> says nothing else.</summary>
/// <param name="IsToolResult">
/// Refused, not failed: a <c>tools/call</c> gets a result marked <c>isError</c>, since clients show results, not errors, to the agent.
/// Other methods get a JSON-RPC error under the same status.
/// </param>
internal readonly record struct AnswerForm(int Status, bool IsToolResult)
{
    public static readonly AnswerForm ToolResult = new(StatusCodes.Status200OK, IsToolResult: true);

    /// <summary>A JSON-RPC error, whatever the method.</summary>
    public static AnswerForm Error(int status) => new(status, IsToolResult: false);
}

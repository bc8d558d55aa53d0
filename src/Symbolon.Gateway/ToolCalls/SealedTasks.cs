using System.Text;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Sealing;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// The call that made a task, its tool and the server's own id, behind the id of the task. Who made the task is sealed with it: for everybody else there is no such task, and a caller who
/// may not call the tool any more may not ask for its task either.
/// </summary>
internal sealed class SealedTasks(StateSeal seal)
{
    private const int CallLength = 16;
    private const int MostLength = 4096;

    private static readonly Reply.Refused Unknown =
        new(Refusal.InvalidParams("'params.taskId' is none of your tasks here, or it has expired.") with { Form = RefusalForm.UnknownState });

    /// <summary>Puts the server's own id into the message.</summary>
    /// <param name="tool">The tool that the task is a call of.</param>
    public Reply.Refused? Open(Exchange exchange, out string tool)
    {
        tool = "";
        var message = exchange.Message;
        if (!JsonValue.Root(message.At(message.TaskId)).TryGetString(out var text)) return Unknown;
        if (seal.Open(StatePurpose.Task, text, exchange.Caller!.Record, exchange.Standing!.Server.Name, out _) is not { Length: > CallLength + 1 } state || state.Length < CallLength + 1 + state[CallLength]) return Unknown;
        exchange.TaskOf = new Guid(state.AsSpan(0, CallLength), bigEndian: true);
        tool = Encoding.ASCII.GetString(state, CallLength + 1, state[CallLength]);
        message.Opened = state[(CallLength + 1 + state[CallLength])..];
        return null;
    }

    /// <param name="taskId">As the server wrote it, with its quotation marks.</param>
    /// <returns>The id for the client, with its quotation marks; null for one that is too long.</returns>
    public byte[]? Seal(Exchange exchange, string tool, ReadOnlySpan<byte> taskId)
    {
        if (taskId.Length > MostLength) return null;
        byte[] state = [.. exchange.Call.ToByteArray(bigEndian: true), (byte)tool.Length, .. Encoding.ASCII.GetBytes(tool), .. taskId];
        return Encoding.ASCII.GetBytes($"\"{seal.Seal(StatePurpose.Task, state, exchange.Caller!.Record, exchange.Standing!.Server.Name)}\"");
    }
}

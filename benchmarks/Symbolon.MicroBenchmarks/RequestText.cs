using System.Text;

namespace Symbolon.MicroBenchmarks;

/// <summary>A modern <c>tools/call</c> of an exact size in bytes.</summary>
internal static class RequestText
{
    private const string Before =
        """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"lookup","arguments":{"key":"invoice-2026-00017","note":""";

    private const string After =
        """},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}""";

    /// <exception cref="ArgumentOutOfRangeException">Smaller than the message without its note.</exception>
    public static byte[] OfSize(int bytes)
    {
        var note = bytes - Before.Length - After.Length - 2;
        ArgumentOutOfRangeException.ThrowIfNegative(note, nameof(bytes));
        return Encoding.ASCII.GetBytes($"{Before}\"{new string('n', note)}\"{After}");
    }
}

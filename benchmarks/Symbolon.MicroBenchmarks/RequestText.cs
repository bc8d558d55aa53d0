using System.Text;

namespace Symbolon.MicroBenchmarks;

/// <summary>A modern <c>tools/call</c>.</summary>
internal static class RequestText
{
    private const string Before = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"lookup","arguments":""";
    private const string Key = """{"key":"invoice-2026-00017","note":""";
    private const string After =
        ""","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}""";

    /// <param name="bytes">Of the whole text.</param>
    /// <exception cref="ArgumentOutOfRangeException">Smaller than the message without its note.</exception>
    public static byte[] OfSize(int bytes)
    {
        var note = bytes - With(Key + "\"\"}").Length;
        ArgumentOutOfRangeException.ThrowIfNegative(note, nameof(bytes));
        return With($"{Key}\"{new string('n', note)}\"}}");
    }

    /// <param name="arguments">A JSON object in ASCII.</param>
    public static byte[] With(string arguments) => Encoding.ASCII.GetBytes(Before + arguments + After);
}

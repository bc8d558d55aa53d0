using System.Globalization;

namespace Symbolon.Gateway.Upstreams.Supervision;

/// <summary>What the supervisor is told on its command line. The environment and the folder of the server are its own.</summary>
internal sealed record SupervisorOrder
{
    /// <summary>Process that it belongs to: when that ends, however it ends, so does everything.</summary>
    public required int Owner { get; init; }

    /// <summary>Bytes of data that each process of the server may have. 0 is no limit.</summary>
    public long Memory { get; init; }

    /// <summary>Seconds of processor time that each process of the server may use up in its life. 0 is no limit.</summary>
    public long Cpu { get; init; }

    /// <summary>Processes that the server may be, with all that it starts. 0 is no limit.</summary>
    public long Processes { get; init; }

    /// <summary>Bytes of memory that all of them may have together. 0 is no limit.</summary>
    public long Total { get; init; }

    /// <summary>The program's absolute path, then its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    public IReadOnlyList<string> ToArguments() =>
        [Text(Owner), Text(Memory), Text(Cpu), Text(Processes), Text(Total), .. Command];

    /// <returns>Null when it is no order.</returns>
    public static SupervisorOrder? Read(ReadOnlySpan<string> arguments) =>
        arguments.Length >= 6 && Number(arguments[0]) is { } owner and > 0 and <= int.MaxValue && Number(arguments[1]) is { } memory && Number(arguments[2]) is { } cpu
        && Number(arguments[3]) is { } processes && Number(arguments[4]) is { } total && arguments[5].StartsWith('/')
            ? new SupervisorOrder { Owner = (int)owner, Memory = memory, Cpu = cpu, Processes = processes, Total = total, Command = arguments[5..].ToArray() }
            : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

using System.Collections.Immutable;
using System.Globalization;
using Symbolon.Core.Registry;

namespace Symbolon.Gateway.Upstreams.Supervision;

/// <summary>What the supervisor is told on its command line. The environment of the server is its own.</summary>
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

    /// <summary>What is pinned: compared once more right before the start.</summary>
    public ImmutableArray<PinnedFile> Digests { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The program's absolute path, then its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Absolute path of the folder that it starts in, as it was registered: the supervisor knows its own only without links.</summary>
    public required string Folder { get; init; }

    public UpstreamAddress.Stdio ToAddress() => new() { Command = Command[0], Args = [.. Command.Skip(1)], Cwd = Folder, Digests = Digests };

    public IReadOnlyList<string> ToArguments() =>
    [
        Text(Owner), Text(Memory), Text(Cpu), Text(Processes), Text(Total), Folder,
        Text(Digests.Length), .. Digests.SelectMany(pinned => new[] { pinned.Path, pinned.Target, pinned.Digest }), .. Command,
    ];

    /// <returns>Null when it is no order.</returns>
    public static SupervisorOrder? Read(string[] arguments) =>
        arguments.Length > Fixed && Number(arguments[0]) is { } owner and > 0 and <= int.MaxValue && Number(arguments[1]) is { } memory && Number(arguments[2]) is { } cpu
        && Number(arguments[3]) is { } processes && Number(arguments[4]) is { } total && arguments[5].StartsWith('/') && Number(arguments[6]) is { } pins && pins < (arguments.Length - Fixed + 2) / 3
        && arguments[Fixed + 3 * (int)pins].StartsWith('/')
            ? new SupervisorOrder
            {
                Owner = (int)owner, Memory = memory, Cpu = cpu, Processes = processes, Total = total, Folder = arguments[5], Command = arguments[(Fixed + 3 * (int)pins)..],
                Digests = [.. arguments[Fixed..(Fixed + 3 * (int)pins)].Chunk(3).Select(pin => new PinnedFile { Path = pin[0], Target = pin[1], Digest = pin[2] })],
            }
            : null;

    /// <summary>Arguments before the pins.</summary>
    private const int Fixed = 7;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

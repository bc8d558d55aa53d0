using Symbolon.Core.Registry;

namespace Symbolon.Gateway.Upstreams.Runner;

/// <summary>What a runner says to an order: started, or why not. After the first the server's own bytes follow.</summary>
internal sealed record RunnerAnswer
{
    /// <summary>Bytes of an answer.</summary>
    public const int MostBytes = 64 * 1024;

    public bool Started { get; init; }

    /// <summary>A file is not the one that is pinned.</summary>
    public RunnerFault? Fault { get; init; }

    /// <summary>For the log of the gateway.</summary>
    public string? Why { get; init; }
}

/// <summary>A <see cref="PinFault"/> on its way. What is said of it is written by the gateway: a runner writes no text into the audit.</summary>
internal sealed record RunnerFault
{
    public required string Code { get; init; }

    public required string Path { get; init; }

    /// <param name="fault">At a file that only another file leads to, it is told as one of the command.</param>
    public static RunnerFault Of(PinFault fault, UpstreamAddress.Stdio address) =>
        new() { Code = fault.Code, Path = CommandPin.Names(address, fault.Path) ? fault.Path : address.Command };

    /// <summary>Whether it can be one of this server.</summary>
    public bool IsOf(UpstreamAddress.Stdio address) =>
        Code is "file_changed" or "file_missing" or "file_unreadable" or "file_not_pinned" && CommandPin.Names(address, Path);

    public PinFault ToPinFault() => new(Code, Path, Code switch
    {
        "file_changed" => $"{Path} is not the file that was registered, as the runner sees it.",
        "file_missing" => $"{Path}, or what it is run by, is not there or is no regular file, as the runner sees it.",
        "file_unreadable" => $"{Path}, or what it is run by, cannot be read by the runner.",
        _ => $"{Path}, or what it is run by, is read when the server starts, but its digest is not in spec.upstream.digests.",
    });
}

/// <summary>A runner did not start what it was asked to.</summary>
internal sealed class RunnerRefusal(string why, RunnerFault? fault = null) : Exception(why)
{
    public RunnerFault? Fault => fault;
}

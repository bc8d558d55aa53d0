using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Gateway.Upstreams.Supervision;

namespace Symbolon.Gateway.Upstreams.Runner;

/// <summary>One process that a runner is to start, and what its files have to be. Holds the server's secret: never logged.</summary>
internal sealed record RunnerOrder
{
    /// <summary>Bytes of an order. 1 MiB: what a registration may hold is less.</summary>
    public const int MostBytes = 1024 * 1024;

    private const int LongestName = 128;

    /// <summary>The server's name, for the log alone.</summary>
    public required string Server { get; init; }

    public required string Command { get; init; }

    public required ImmutableArray<string> Args { get; init; }

    public required ImmutableSortedDictionary<string, string> Env { get; init; }

    /// <summary>The variable of the credential, and its value; both or none.</summary>
    public string? SecretName { get; init; }

    public string? Secret { get; init; }

    public string? Cwd { get; init; }

    public required ImmutableArray<PinnedFile> Digests { get; init; }

    /// <summary>As in <c>SupervisorOrder</c>: bytes, 0 for no limit.</summary>
    public long Memory { get; init; }

    /// <summary>Seconds, 0 for no limit.</summary>
    public long Cpu { get; init; }

    /// <summary>0 for no limit.</summary>
    public long Processes { get; init; }

    /// <summary>Bytes, 0 for no limit.</summary>
    public long Total { get; init; }

    /// <param name="limits">Of them the limits alone are taken.</param>
    public static RunnerOrder For(string server, UpstreamAddress.Stdio address, (string Name, string Value)? secret, SupervisorOrder limits) => new()
    {
        Server = server,
        Command = address.Command,
        Args = address.Args,
        Env = address.Env,
        SecretName = secret?.Name,
        Secret = secret?.Value,
        Cwd = address.Cwd,
        Digests = address.Digests,
        Memory = limits.Memory,
        Cpu = limits.Cpu,
        Processes = limits.Processes,
        Total = limits.Total,
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, RunnerJson.Default.RunnerOrder);

    /// <returns>Null when it is no order that may be followed: nothing of what is wrong with it is repeated.</returns>
    public static RunnerOrder? Read(ReadOnlySpan<byte> json)
    {
        if (json.Length > MostBytes) return null;
        try
        {
            return JsonSerializer.Deserialize(json, RunnerJson.Default.RunnerOrder) is { } order && order.IsSound() ? order : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public SupervisorOrder ToSupervisor(int owner) =>
        new() { Owner = owner, Memory = Memory, Cpu = Cpu, Processes = Processes, Total = Total, Folder = Cwd ?? UpstreamAddress.Stdio.UsualFolder, Digests = Digests, Command = [Command, .. Args] };

    public UpstreamAddress.Stdio ToAddress() => new() { Command = Command, Args = Args, Env = Env, Cwd = Cwd, Digests = Digests };

    public (string Name, string Value)? Credential => SecretName is { } name ? (name, Secret!) : null;

    private bool IsSound() =>
        Server.Length is > 0 and <= LongestName && Server.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && Command.StartsWith('/') && (Cwd ?? "/").StartsWith('/') && !Args.IsDefault && !Digests.IsDefault
        && SecretName is null == Secret is null && Memory >= 0 && Cpu >= 0 && Processes >= 0 && Total >= 0
        && Digests.All(pinned => pinned is { Path: not null, Target: not null, Digest: not null })
        && Env.Keys.Concat(SecretName is null ? [] : [SecretName]).All(EnvName.IsAllowed)
        && Args.Concat(Env.Values).Append(Command).Append(Cwd ?? "").Append(Secret ?? "").All(text => text is not null && !text.Contains('\0'));
}

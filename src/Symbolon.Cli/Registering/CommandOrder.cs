using System.Collections.Immutable;
using Symbolon.Cli.Output;
using Symbolon.Cli.Processes;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Cli.Registering;

/// <summary>Makes what stands behind <c>--</c> into what the gateway will start: nothing of it depends on where it was typed, and its files are pinned.</summary>
internal static class CommandOrder
{
    /// <param name="words">The command and its arguments as the shell gave them; never put together again.</param>
    /// <param name="note">Told what was made of them.</param>
    /// <exception cref="CommandException">It cannot be registered so.</exception>
    public static async Task<UpstreamAddress.Stdio> OfAsync(
        IReadOnlyList<string> words, string[] env, string? cwd, string? isolation, Func<string, string?> variable, Action<string> note, CancellationToken cancellation)
    {
        var command = CommandPath.Of(words[0], variable);
        var folder = cwd is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(cwd));
        if (folder is not null && !Directory.Exists(folder)) throw CommandException.Usage($"--cwd names {folder}, which is no folder.");
        var server = new UpstreamAddress.Stdio
        {
            Command = command,
            Args = [.. words.Skip(1).Select(word => folder is null ? Settled(word, note) : word)],
            Env = Variables(env),
            Cwd = folder,
            Isolation = isolation switch
            {
                null or "shared" => ProcessIsolation.Shared,
                "caller" => ProcessIsolation.Caller,
                "session" => ProcessIsolation.Session,
                _ => throw CommandException.Usage("--isolation must be shared, caller or session."),
            },
        };
        var (pins, fault) = await CommandPin.TakeAsync(server, Server.Files.DiskFiles.Instance, cancellation);
        if (fault is not null) throw new CommandException(ExitCode.Error, fault.Code, fault.Message);
        return server with { Digests = [.. pins] };
    }

    /// <summary>What is held to after the approval, and what is not.</summary>
    public static IEnumerable<string> Pins(UpstreamAddress.Stdio server)
    {
        foreach (var pinned in server.Digests)
            yield return $"pinned: {pinned.Path}{(pinned.Target == pinned.Path ? "" : $", which is {pinned.Target}")} ({pinned.Digest})";
        var program = server.Digests.FirstOrDefault(pinned => pinned.Path == server.Command)?.Target ?? server.Command;
        if (Launcher.Fetches(server.Command) || Launcher.Fetches(program))
            yield return $"not pinned: what {Path.GetFileName(server.Command)} fetches and runs. It finds that by a name each time it starts, so the digest above says nothing of it: "
                + "install the package and register its program instead, as -- node /path/to/index.js";
        if (Launcher.Is(program) && server.Args.FirstOrDefault(Launcher.TakesCode) is { } option)
            yield return $"not pinned: what the argument behind {option} names or runs. Put it into a file, and register that.";
        foreach (var home in server.Env.Where(variable => EnvName.IsHome(variable.Key)))
            yield return $"not pinned: what programs load from {home.Key}, which is {home.Value}. Nobody but who may change this server should be able to write there.";
        yield return "not pinned: what these files load in their turn (modules, libraries). Keep them where only who may change this server can write.";
    }

    /// <summary>A relative path that leads somewhere from here leads elsewhere from where the gateway starts it.</summary>
    private static string Settled(string word, Action<string> note)
    {
        if (CommandPath.OfArgument(word) is not { } path) return word;
        note($"argument {CommandText.Quoted(word)} is registered as {path}, since the gateway starts the server in {UpstreamAddress.Stdio.UsualFolder}; with --cwd it stays as it is.");
        return path;
    }

    private static ImmutableSortedDictionary<string, string> Variables(string[] options)
    {
        var variables = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var option in options)
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1) throw CommandException.Usage("--env takes NAME=VALUE. A secret is given by --secret-env NAME=@FILE.");
            var name = option[..equals];
            if (!EnvName.IsAllowed(name)) throw CommandException.Usage($"--env: {EnvName.Why(TextRules.Shown(name))}.");
            if (variables.ContainsKey(name)) throw CommandException.Usage($"--env gives {name} twice.");
            variables[name] = option[(equals + 1)..];
        }
        return variables.ToImmutable();
    }
}

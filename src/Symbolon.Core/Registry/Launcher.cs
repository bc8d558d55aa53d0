using System.Collections.Frozen;

namespace Symbolon.Core.Registry;

/// <summary>
/// Programs that run what their arguments name, so that a digest of the program alone says little. A program that is not known here is
/// pinned as itself.
/// </summary>
public static class Launcher
{
    private static readonly FrozenSet<string> Interpreters = Names(
        "node nodejs bun deno tsx ts-node python pypy ruby perl php lua luajit java dotnet mono pwsh powershell Rscript julia elixir erl guile tclsh wish osascript "
        + "sh bash dash ash zsh ksh mksh fish csh tcsh busybox toybox "
        + "env sudo doas su setpriv runuser nohup nice ionice timeout stdbuf setsid chroot unshare nsenter xargs time strace gdb ld.so systemd-run flatpak snap make "
        + "tini dumb-init gosu su-exec bwrap firejail wine watch parallel script awk gawk mawk ssh");

    private static readonly FrozenSet<string> Fetchers = Names("npx npm pnpm pnpx yarn bunx uvx uv pipx dnx docker podman nerdctl go cargo");

    /// <summary>Options of interpreters that load code, where the file stands behind the equals sign.</summary>
    private static readonly string[] LoadingOptions = ["--require=", "--import=", "--loader=", "--experimental-loader=", "--env-file=", "--preload=", "-javaagent:", "--rcfile=", "--init-file="];

    private static readonly FrozenSet<string> CodeOptions = new[] { "-c", "-lc", "-ic", "-e", "-p", "-pe", "--eval", "--print", "-S", "-Command", "-EncodedCommand", "-m" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Starters = Names(
        "env sudo doas su setpriv runuser nohup nice ionice timeout stdbuf setsid chroot unshare nsenter xargs time strace busybox toybox systemd-run tini dumb-init gosu su-exec bwrap firejail");

    private static readonly FrozenSet<string> ProgramEndings = Names(".js .mjs .cjs .jsx .ts .mts .cts .tsx .py .pyc .pyz .rb .pl .php .sh .bash .lua .jar .dll .wasm .ps1 .jl .exs .tcl");

    private static readonly FrozenSet<string> Setters = Names("env sudo doas busybox toybox systemd-run");

    /// <summary>Whether its arguments set variables for what it starts, as <c>env NAME=VALUE program</c> does.</summary>
    public static bool SetsVariables(string path) => Setters.Contains(NameOf(path));

    /// <summary>Whether the arguments of this program name what runs.</summary>
    public static bool Is(string path) => Interpreters.Contains(NameOf(path)) || Fetches(path);

    /// <summary>Whether it fetches what it runs by the name of a package: then a digest of it says nothing of what will run.</summary>
    public static bool Fetches(string path) => Fetchers.Contains(NameOf(path));

    /// <summary>Whether an argument says that the next one is code itself, as <c>sh -c</c> and <c>node -e</c> do.</summary>
    public static bool TakesCode(string argument) => CodeOptions.Contains(argument);

    /// <summary>Whether its arguments name a program that the kernel runs, searched on the PATH where it is a mere name.</summary>
    internal static bool Starts(string path) => Starters.Contains(NameOf(path));

    /// <summary>Whether a file is a program by its name, whatever it is given to: an interpreter may be called otherwise.</summary>
    internal static bool IsProgramByName(string file) => ProgramEndings.Contains(Path.GetExtension(file));

    /// <summary>Whether the next argument is code that is loaded before the program.</summary>
    internal static bool Loads(string argument) => argument == "-r" || LoadingOptions.Any(option => option[^1] == '=' && argument.AsSpan().SequenceEqual(option.AsSpan(0, option.Length - 1)));

    /// <summary>The part of an argument that may be the path of a file that is run or loaded.</summary>
    internal static string? FileIn(string argument)
    {
        var option = LoadingOptions.FirstOrDefault(option => argument.StartsWith(option, StringComparison.Ordinal));
        var file = option is null ? argument : argument[option.Length..];
        return file.Length == 0 ? null : file;
    }

    /// <summary>The name of the file without version and extension: <c>python3.13</c> is <c>python</c>, <c>npx-cli.js</c> is <c>npx</c>.</summary>
    private static string NameOf(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        foreach (var ending in new[] { ".exe", ".js", ".cjs", ".mjs" })
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) name = name[..^ending.Length];
        if (name.EndsWith("-cli", StringComparison.Ordinal)) name = name[..^4];
        if (name.StartsWith("ld-linux", StringComparison.Ordinal) || name.StartsWith("ld-musl", StringComparison.Ordinal)) return "ld.so";
        return name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '-', '_');
    }

    private static FrozenSet<string> Names(string names) => names.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}

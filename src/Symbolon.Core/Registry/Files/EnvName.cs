using System.Collections.Frozen;

namespace Symbolon.Core.Registry.Files;

/// <summary>
/// Which variables a registration may set for its process. Those by which the dynamic loader, a shell or a runtime loads code that
/// nobody reviewed are refused, in any case of letters, and so are our own.
/// </summary>
public static class EnvName
{
    public const string Rule = "1 to 128 of A-Z, a-z, 0-9 and '_', not a digit first";

    private const int Longest = 128;

    /// <summary>Beginnings of names that are refused.</summary>
    public static readonly IReadOnlyList<string> RefusedBeginnings =
    [
        "SYMBOLON_", "LD_", "DYLD_", "DOTNET_", "COMPLUS_", "CORECLR_", "COR_", "NPM_CONFIG_", "BASH_FUNC_", "BUNDLE_", "UV_", "PIP_", "YARN_", "PNPM_", "GIT_CONFIG_",
    ];

    /// <summary>Names that are refused.</summary>
    public static readonly FrozenSet<string> RefusedNames = new[]
    {
        "PATH", "IFS", "ENV", "BASH_ENV", "BASHOPTS", "SHELLOPTS", "PS4", "PROMPT_COMMAND", "CDPATH", "GLOBIGNORE", "ZDOTDIR", "SHELL",
        "GCONV_PATH", "LOCPATH", "NLSPATH", "GLIBC_TUNABLES", "HOSTALIASES", "RES_OPTIONS", "GETCONF_DIR",
        "OPENSSL_CONF", "OPENSSL_MODULES", "OPENSSL_ENGINES", "SSLKEYLOGFILE",
        "NODE_OPTIONS", "NODE_PATH", "NODE_REPL_EXTERNAL_MODULE", "NODE_CHANNEL_FD", "NODE_V8_COVERAGE", "BUN_OPTIONS", "BUN_INSTALL", "DENO_DIR",
        "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONUSERBASE", "PYTHONEXECUTABLE", "PYTHONPLATLIBDIR", "PYTHONBREAKPOINT", "PYTHONWARNINGS",
        "PYTHONINSPECT", "PYTHONPYCACHEPREFIX", "PYTHONCASEOK", "VIRTUAL_ENV",
        "RUBYOPT", "RUBYLIB", "GEM_PATH", "GEM_HOME", "PERL5LIB", "PERL5OPT", "PERL5DB", "PERLLIB", "PHPRC", "PHP_INI_SCAN_DIR",
        "LUA_PATH", "LUA_CPATH", "LUA_INIT", "R_PROFILE", "R_PROFILE_USER", "R_ENVIRON", "R_ENVIRON_USER", "R_LIBS", "JULIA_LOAD_PATH", "JULIA_DEPOT_PATH",
        "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "JAVA_OPTS", "CLASSPATH", "PSMODULEPATH", "ERL_FLAGS", "ERL_AFLAGS", "ERL_LIBS",
        "MONO_PATH", "MONO_ENV_OPTIONS", "GOFLAGS", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF", "GIT_ASKPASS", "GIT_PROXY_COMMAND", "GIT_EXEC_PATH", "GIT_TEMPLATE_DIR", "SSH_ASKPASS",
        "GTK_MODULES", "QT_PLUGIN_PATH",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Folders in which interpreters and tools look for code and settings of their user: Python's user site, <c>.npmrc</c>, <c>.gitconfig</c>.
    /// Many servers need one of their own, so they may be set, and who reviews it is told.
    /// </summary>
    public static bool IsHome(string name) => Homes.Contains(name);

    private static readonly FrozenSet<string> Homes = new[] { "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CONFIG_DIRS", "XDG_DATA_DIRS" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether it is a name at all.</summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= Longest && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>Whether a registration may set it.</summary>
    public static bool IsAllowed(string name) =>
        IsValid(name) && !RefusedNames.Contains(name)
        && !RefusedBeginnings.Any(beginning => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase));

    /// <summary>Why a name that is none of the allowed is refused, for people.</summary>
    public static string Why(string name) => IsValid(name)
        ? $"{name} decides what code a loader, a shell or a runtime runs, or is Symbolon's own; a registration does not set it"
        : $"the name of a variable must be {Rule}";
}

using Symbolon.Admin.Tokens;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary>
/// What a token may reach, as typed: one <c>--server NAME</c> with <c>--tool</c>, <c>--effect</c> or <c>--all</c>, or any number of
/// <c>--server NAME:TOOL,…</c>, where <c>@read</c> names a class, <c>@prompts</c> and <c>@resources</c> the granted ones and <c>@all</c> all that is granted.
/// </summary>
internal static class AccessOption
{
    public static IReadOnlyList<ServerAccessRequest> Read(IReadOnlyList<string> servers, IReadOnlyList<string> tools, IReadOnlyList<string> effects, bool all)
    {
        var apart = tools.Count > 0 || effects.Count > 0 || all;
        if (apart && (servers.Count != 1 || servers[0].Contains(':')))
            throw CommandException.Usage("--tool, --effect and --all go with one --server NAME.", "For several servers: --server NAME:TOOL,… --server NAME:@read");
        if (apart) return [new ServerAccessRequest { Name = servers[0], Tools = tools, Effects = effects, All = all }];
        return [.. servers.Select(Read)];
    }

    private static ServerAccessRequest Read(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        // A token never reaches everything because something was left out.
        if (colon < 0) throw CommandException.Usage($"What may be used of {text}?", $"--tool TOOL, --effect read, --all, or --server {text}:TOOL,…");
        var parts = text[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries);
        if (parts.Any(part => part is "" or "@")) throw CommandException.Usage($"'{text}' must be NAME:TOOL,…, NAME:@EFFECT, NAME:@prompts, NAME:@resources or NAME:@all.");
        return new ServerAccessRequest
        {
            Name = text[..colon],
            Tools = [.. parts.Where(part => part[0] != '@')],
            Effects = [.. parts.Where(part => part[0] == '@' && part is not ("@all" or "@granted" or "@prompts" or "@resources")).Select(part => part[1..])],
            AllPrompts = parts.Contains("@prompts"),
            AllResources = parts.Contains("@resources"),
            All = parts.Any(part => part is "@all" or "@granted"),
        };
    }
}

using System.Collections.Immutable;
using System.Text.Json;

namespace Symbolon.Core.Registry.Files;

/// <summary><c>spec.upstream</c> of a process: what it is started from, and the digests that are held to.</summary>
internal static class StdioReader
{
    /// <returns>Null, with errors, when something is missing.</returns>
    public static UpstreamAddress.Stdio? Read(ObjectFields fields, FieldErrors errors)
    {
        var command = PathOf(fields, "command", required: true);
        var args = ArgsOf(fields, errors);
        if (command is not null) CheckVariables([command, .. args], errors);
        var env = EnvOf(fields, errors);
        var cwd = PathOf(fields, "cwd", required: false);
        var isolation = IsolationOf(fields);
        var digests = fields.List("digests", StdioRules.Digests, (item, at) => DigestOf(item, at, errors));
        foreach (var twice in digests.GroupBy(pinned => pinned.Path, StringComparer.Ordinal).Where(group => group.Skip(1).Any()))
            fields.Error("digests", FieldErrorCode.Duplicate, $"spec.upstream.digests names {TextRules.Shown(twice.Key)} twice.");
        var era = AddressReader.EraOf(fields);
        return command is null ? null : new UpstreamAddress.Stdio
        {
            Command = command,
            Args = args,
            Env = env,
            Cwd = cwd,
            Isolation = isolation,
            Digests = [.. digests.OrderBy(pinned => pinned.Path, StringComparer.Ordinal)],
            Era = era,
        };
    }

    private static string? PathOf(ObjectFields fields, string name, bool required)
    {
        if (fields.Text(name, StdioRules.LongestPath, required) is not { } path) return null;
        if (StdioRules.IsPath(path) || (name == "cwd" && path == "/")) return path;
        fields.Error(name, FieldErrorCode.BadValue, $"{fields.PathOf(name)} must be {StdioRules.PathRule}.");
        return null;
    }

    /// <summary>As an argument leads to it, so that it may have <c>..</c>, unlike a command.</summary>
    private static string? PinnedOf(ObjectFields fields)
    {
        if (fields.Text("path", StdioRules.LongestPath, required: true) is not { } path) return null;
        if (path[0] == '/' && StdioRules.IsText(path)) return path;
        fields.Error("path", FieldErrorCode.BadValue, $"{fields.PathOf("path")} must be an absolute path of at most {StdioRules.LongestPath} characters, without control or format characters.");
        return null;
    }

    private static ImmutableArray<string> ArgsOf(ObjectFields fields, FieldErrors errors)
    {
        var args = fields.List("args", StdioRules.Args, (item, at) =>
        {
            if (item.ValueKind != JsonValueKind.String) errors.Add(at, FieldErrorCode.WrongType, $"{at} must be a text.");
            else if (item.GetString()!.Length > StdioRules.LongestArg) errors.Add(at, FieldErrorCode.TooLong, $"{at} may have at most {StdioRules.LongestArg} characters; it has {item.GetString()!.Length}.");
            else if (!StdioRules.IsText(item.GetString()!)) errors.Add(at, FieldErrorCode.BadCharacter, $"{at} must have no control or format characters.");
            else return item.GetString();
            return null;
        });
        var length = args.Sum(arg => arg.Length);
        if (length > StdioRules.AllArgs) fields.Error("args", FieldErrorCode.TooLong, $"spec.upstream.args may have at most {StdioRules.AllArgs} characters together; they have {length}.");
        return args;
    }

    /// <summary>What <c>env</c> refuses, <c>args</c> do not set by a program that sets variables for another, also <c>env -S "NAME=VALUE program"</c>.</summary>
    private static void CheckVariables(ImmutableArray<string> command, FieldErrors errors)
    {
        if (!command.Any(Launcher.SetsVariables)) return;
        for (var at = 1; at < command.Length; at++)
            foreach (var word in command[at].Split([' ', '\'', '"'], StringSplitOptions.RemoveEmptyEntries))
            {
                var setting = word.StartsWith("--", StringComparison.Ordinal) && word.Count('=') > 1 ? word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..] : word;
                if (setting.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var equals)) continue;
                var name = setting[..equals];
                if (EnvName.IsValid(name) && !EnvName.IsAllowed(name)) errors.Add($"spec.upstream.args[{at - 1}]", FieldErrorCode.BadName, $"spec.upstream.args[{at - 1}]: {EnvName.Why(name)}.");
            }
    }

    private static ImmutableSortedDictionary<string, string> EnvOf(ObjectFields fields, FieldErrors errors)
    {
        var env = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (fields.Value("env", required: false, JsonValueKind.Object) is not { } found) return env.ToImmutable();
        foreach (var variable in found.EnumerateObject())
        {
            var at = TextScan.Join("spec.upstream.env", variable.Name);
            if (!EnvName.IsAllowed(variable.Name)) errors.Add(at, FieldErrorCode.BadName, $"{TextRules.Shown(at)}: {EnvName.Why(variable.Name)}.");
            else if (variable.Value.ValueKind != JsonValueKind.String) errors.Add(at, FieldErrorCode.WrongType, $"{at} must be a text.");
            else if (variable.Value.GetString()!.Length > StdioRules.LongestValue) errors.Add(at, FieldErrorCode.TooLong, $"{at} may have at most {StdioRules.LongestValue} characters.");
            else if (!StdioRules.IsText(variable.Value.GetString()!)) errors.Add(at, FieldErrorCode.BadCharacter, $"{at} must have no control or format characters.");
            else env[variable.Name] = variable.Value.GetString()!;
        }
        if (env.Count > StdioRules.Variables) fields.Error("env", FieldErrorCode.TooMany, $"spec.upstream.env may have at most {StdioRules.Variables} variables; it has {env.Count}.");
        return env.ToImmutable();
    }

    private static ProcessIsolation IsolationOf(ObjectFields fields)
    {
        switch (fields.Text("isolation", 64))
        {
            case null or "shared": return ProcessIsolation.Shared;
            case "caller": return ProcessIsolation.Caller;
            case "session": return ProcessIsolation.Session;
            default:
                fields.Error("isolation", FieldErrorCode.BadValue, "spec.upstream.isolation must be shared, caller or session.");
                return ProcessIsolation.Shared;
        }
    }

    private static PinnedFile? DigestOf(JsonElement item, string at, FieldErrors errors)
    {
        if (ObjectFields.Open(item, at, errors, ["path", "target", "digest"]) is not { } fields) return null;
        var path = PinnedOf(fields);
        var target = fields.Has("target") || (path is not null && !StdioRules.IsPath(path)) ? PathOf(fields, "target", required: true) : path;
        var digest = fields.Text("digest", 128, required: true);
        if (digest is not null && !DigestText.IsValid(digest))
        {
            fields.Error("digest", FieldErrorCode.BadValue, $"{fields.PathOf("digest")} must be {DigestText.Rule}.");
            digest = null;
        }
        return path is null || target is null || digest is null ? null : new PinnedFile { Path = path, Target = target, Digest = digest };
    }
}

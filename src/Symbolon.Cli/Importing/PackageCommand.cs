using System.Text.Json;
using System.Text.RegularExpressions;
using Symbolon.Cli.Output;
using Symbolon.Cli.Upstreams;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Cli.Importing;

/// <summary>The command that starts a package, as far as its description alone says it: what who installs it chooses, and every secret, is left to them.</summary>
internal sealed partial class PackageCommand
{
    private readonly List<string> words = [];
    private readonly Dictionary<string, string> env = new(StringComparer.Ordinal);
    private readonly List<string> secrets = [];
    private readonly List<string> missing = [];

    /// <summary>A package of a <c>server.json</c>.</summary>
    public static void Of(JsonElement package, ImportedServer into)
    {
        var command = new PackageCommand();
        var (type, identifier, version) = (ForeignText.Member(package, "registryType"), ForeignText.Member(package, "identifier") ?? "", ForeignText.Member(package, "version"));
        command.Variables(package);
        switch (type)
        {
            case "npm": command.words.AddRange(["npx", "-y", version is null ? identifier : $"{identifier}@{version}"]); break;
            case "pypi": command.words.AddRange(["uvx", version is null ? identifier : $"{identifier}@{version}"]); break;
            case "oci":
                command.Docker(package, version is null || identifier.LastIndexOf(':') > identifier.LastIndexOf('/') ? identifier : $"{identifier}:{version}");
                break;
            default:
                into.Faults.Add($"its package of the type {NamedTools.Cut(type ?? "?")} is not taken: npm, pypi and oci are");
                return;
        }
        if (!Identifier().IsMatch(identifier) || (version is not null && !Identifier().IsMatch(version)))
        {
            into.Faults.Add($"its package {NamedTools.Cut(identifier)} is not taken: that is no name of a package with a version");
            return;
        }
        if (type != "oci") command.Arguments(package, "runtimeArguments", at: 1);
        command.Arguments(package, "packageArguments", command.words.Count);
        command.Into(into);
    }

    /// <summary>The image of a ToolHive entry.</summary>
    public static void OfImage(string image, JsonElement entry, ImportedServer into)
    {
        if (ForeignText.Member(entry, "transport") is { } transport && transport != "stdio")
        {
            into.Faults.Add($"the image {NamedTools.Cut(image)} speaks {NamedTools.Cut(transport)} at an address that depends on where it runs: say it with --url");
            return;
        }
        var command = new PackageCommand();
        foreach (var variable in JsonPath.Find(entry, "env_vars") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [])
            command.Variable(variable, "secret", "required");
        command.words.AddRange(["docker", "run", "-i", "--rm"]);
        foreach (var name in command.env.Keys.Concat(command.secrets)) command.words.AddRange(["-e", name]);
        command.words.Add(image);
        foreach (var arg in JsonPath.Find(entry, "args") is { ValueKind: JsonValueKind.Array } args ? args.EnumerateArray() : []) command.words.Add(ForeignText.Of(arg) ?? "?");
        if (!Identifier().IsMatch(image)) command.missing.Add("the name of its image");
        command.Into(into);
    }

    private void Docker(JsonElement package, string image)
    {
        words.Add("docker");
        Arguments(package, "runtimeArguments", 1);
        if (words.Count == 1) words.AddRange(["run", "-i", "--rm"]);
        foreach (var name in env.Keys.Concat(secrets))
            if (!words.Contains(name)) words.AddRange(["-e", name]);
        var bare = image.LastIndexOf(':') is var colon && colon > image.LastIndexOf('/') ? image[..colon] : image;
        // Some descriptions name the image among the arguments of docker itself.
        words.RemoveAll(word => word == bare || word == image);
        words.Add(image);
    }

    private void Variables(JsonElement package)
    {
        foreach (var variable in JsonPath.Find(package, "environmentVariables") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [])
            Variable(variable, "isSecret", "isRequired");
    }

    private void Variable(JsonElement variable, string secret, string required)
    {
        if (ForeignText.Member(variable, "name") is not { } name || !EnvName.IsAllowed(name))
        {
            missing.Add($"its variable {NamedTools.Cut(ForeignText.Member(variable, "name") ?? "?")}, which a registration does not set");
            return;
        }
        var value = ForeignText.Member(variable, "value") ?? ForeignText.Member(variable, "default");
        if (IsTrue(variable, secret)) secrets.Add(name);
        else if (value is { Length: > 0 } && !HasTemplate(value)) env[name] = value;
        else if (IsTrue(variable, required)) missing.Add($"its variable {name}");
    }

    private void Arguments(JsonElement package, string member, int at)
    {
        foreach (var argument in JsonPath.Find(package, member) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [])
        {
            var name = ForeignText.Member(argument, "name");
            var value = ForeignText.Member(argument, "value") ?? ForeignText.Member(argument, "default");
            IEnumerable<string>? found = null;
            if (name is "-e" or "--env" && value is not null && SetVariable().Match(value) is { Success: true } set)
            {
                if (!secrets.Contains(set.Groups[1].Value)) secrets.Add(set.Groups[1].Value);
                found = [name, set.Groups[1].Value];
            }
            else if (ForeignText.Member(argument, "format") == "boolean" && name is not null) found = value == "true" ? [name] : [];
            else if (value is { Length: > 0 } && !HasTemplate(value)) found = name is null ? [value] : [name, value];
            if (found is null && IsTrue(argument, "isRequired")) missing.Add($"its argument {NamedTools.Cut(name ?? ForeignText.Member(argument, "valueHint") ?? value ?? "?")}");
            foreach (var word in found ?? []) words.Insert(at++, word);
        }
    }

    /// <summary>An absolute path and a whole command, or a remark with what there is of it.</summary>
    private void Into(ImportedServer into)
    {
        foreach (var secret in secrets) into.Remarks.Add($"its variable {secret} is a secret: seal it, and name it in spec.credential (symbolon server register --secret-env {secret}=@FILE does both).");
        if (missing.Count == 0 && into.Upstream is null) into.Upstream = new UpstreamAddress.Stdio { Command = words[0], Args = [.. words.Skip(1)], Env = System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, env) };
        else into.Faults.Add($"its command is not whole: {string.Join(", ", missing)} is for who installs it to say. As far as it goes: {string.Join(' ', words)}");
    }

    private static bool IsTrue(JsonElement value, string member) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(member, out var found) && found.ValueKind == JsonValueKind.True;

    private static bool HasTemplate(string value) => value.Contains('{', StringComparison.Ordinal) || value.Contains("${", StringComparison.Ordinal);

    [GeneratedRegex(@"^[A-Za-z0-9@][A-Za-z0-9@._/:+-]{0,255}$", RegexOptions.NonBacktracking)]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^([A-Za-z_][A-Za-z0-9_]{0,127})=\{[A-Za-z0-9_]+\}$", RegexOptions.NonBacktracking)]
    private static partial Regex SetVariable();
}

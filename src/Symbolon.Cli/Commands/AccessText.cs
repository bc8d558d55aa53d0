using System.Text.Json;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary>Who and what, as a cell of a table shows it.</summary>
internal static class AccessText
{
    /// <summary><c>deploy:rollout_status,@read</c>, the form that <c>token issue --server</c> takes; <c>@all</c> for all that is granted. Prompts and resources, which grants alone name, in words.</summary>
    public static string Servers(JsonElement holder) =>
        JsonPath.Find(holder, "servers") is { ValueKind: JsonValueKind.Array } servers ? string.Join(' ', servers.EnumerateArray().Select(Server)) : "";

    /// <summary>Person, agent and workflow of a grant's <c>to</c>.</summary>
    public static string Subjects(JsonElement grant) => Join(JsonPath.Text(grant, "to.users"), JsonPath.Text(grant, "to.agents"), JsonPath.Text(grant, "to.workflows"));

    /// <summary>The same of a token or a record.</summary>
    public static string Holder(JsonElement row) => Join(JsonPath.Text(row, "user"), JsonPath.Text(row, "agent"), JsonPath.Text(row, "workflow"));

    private static string Join(params string?[] parts) => string.Join(" + ", parts.Where(part => !string.IsNullOrEmpty(part)));

    private static string Server(JsonElement access)
    {
        var parts = Texts(access, "tools").Concat(Texts(access, "effects").Select(effect => "@" + effect));
        parts = parts.Concat(Texts(access, "prompts").Select(prompt => $"prompt {prompt}")).Concat(Texts(access, "resources").Select(pattern => $"resource {pattern}"));
        if (JsonPath.Text(access, "allPrompts") == "yes") parts = parts.Append("@prompts");
        if (JsonPath.Text(access, "allResources") == "yes") parts = parts.Append("@resources");
        if (JsonPath.Text(access, "all") == "yes") parts = parts.Append("@all");
        return $"{JsonPath.Text(access, "name")}:{string.Join(',', parts)}";
    }

    private static IEnumerable<string> Texts(JsonElement value, string name) =>
        JsonPath.Find(value, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(JsonPath.Text) : [];
}

using System.Text.Json.Nodes;

namespace Symbolon.EndToEndTests.Clients.Features;

/// <summary>One request of a client, by the method and params that it is to send.</summary>
public sealed record Ask(string Method, JsonObject Params)
{
    public static Ask For(string method) => new(method, []);

    public static Ask Call(string tool, JsonObject arguments) => new("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = arguments });

    public static Ask Prompt(string name, JsonObject arguments) => new("prompts/get", new JsonObject { ["name"] = name, ["arguments"] = arguments });

    public static Ask Read(string uri) => new("resources/read", new JsonObject { ["uri"] = uri });

    /// <param name="type"><c>ref/prompt</c> or <c>ref/resource</c>.</param>
    /// <param name="of">Name of the prompt, or the template.</param>
    public static Ask Complete(string type, string of, string argument, string value) => new("completion/complete", new JsonObject
    {
        ["ref"] = new JsonObject { ["type"] = type, [type == "ref/prompt" ? "name" : "uri"] = of },
        ["argument"] = new JsonObject { ["name"] = argument, ["value"] = value },
    });
}

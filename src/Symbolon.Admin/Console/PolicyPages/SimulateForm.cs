using System.Text;
using System.Text.Json;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Admin.Console.PolicyPages;

/// <summary>What the form of the simulator holds.</summary>
public sealed record SimulateForm
{
    public static readonly IReadOnlyList<(string Value, string Name)> Kinds = [("tool", "Tool"), ("prompt", "Prompt"), ("resource", "Resource")];

    public string Server { get; init; } = "";

    /// <summary>One of <see cref="Kinds"/>.</summary>
    public string Kind { get; init; } = "tool";

    /// <summary>Of the tool or prompt; of a resource its URI.</summary>
    public string Name { get; init; } = "";
    public string Args { get; init; } = "";
    public string Token { get; init; } = "";
    public string User { get; init; } = "";
    public string Groups { get; init; } = "";
    public string Agent { get; init; } = "";
    public string Workflow { get; init; } = "";
    public string Flags { get; init; } = "";

    internal static SimulateForm Read(Func<string, string?> field)
    {
        return new SimulateForm
        {
            Server = Text("server"), Kind = Kinds.Any(kind => kind.Value == field("kind")) ? field("kind")! : "tool", Name = Text("name"), Args = (field("args") ?? "").ReplaceLineEndings("\n").Trim(),
            Token = Text("token"), User = Text("user"), Groups = Text("groups"), Agent = Text("agent"), Workflow = Text("workflow"), Flags = Text("flags"),
        };

        string Text(string name) => (field(name) ?? "").Trim();
    }

    /// <returns>The call in the words of a policy's test, or what is wrong with its arguments.</returns>
    internal (JsonElement? Call, FieldError? Fault) ToCall()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("server", Server);
            json.WriteString(Kind, Name);
            if (Args.Length > 0)
            {
                if (Args.Length > DocumentLimits.TestArguments || StrictBody.FaultOf(Encoding.UTF8.GetBytes(Args)) is not null)
                    return (null, new FieldError("call.args", FieldErrorCode.BadValue, $"The arguments are one JSON object of at most {DocumentLimits.TestArguments} characters."));
                json.WritePropertyName("args");
                json.WriteRawValue(Args);
            }
            if (User.Length > 0 || Groups.Length > 0)
            {
                json.WriteStartObject("subject");
                if (User.Length > 0) json.WriteString("user", User);
                WriteWords(json, "groups", Groups);
                json.WriteEndObject();
            }
            if (Agent.Length > 0) json.WriteString("agent", Agent);
            if (Workflow.Length > 0) json.WriteString("workflow", Workflow);
            if (Flags.Length > 0)
            {
                json.WriteStartObject("session");
                WriteWords(json, "flags", Flags);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return (document.RootElement.Clone(), null);
    }

    /// <summary>The field of the form that an error is about; empty for none.</summary>
    internal static string FieldOf(string path) => path.Split('[')[0] switch
    {
        "call.server" => "server", "call.tool" or "call.prompt" or "call.resource" => "name", "call.subject.user" => "user", "call.subject.groups" => "groups", "call.agent" => "agent",
        "call.workflow" => "workflow", "call.session.flags" => "flags", "token" => "token", var args when args.StartsWith("call.args", StringComparison.Ordinal) => "args", _ => "",
    };

    private static void WriteWords(Utf8JsonWriter json, string name, string words)
    {
        json.WriteStartArray(name);
        foreach (var word in words.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) json.WriteStringValue(word);
        json.WriteEndArray();
    }
}

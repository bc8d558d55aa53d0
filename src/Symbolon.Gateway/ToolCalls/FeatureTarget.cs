using Symbolon.Core.Policy;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>The prompt or resource that a request is about.</summary>
/// <param name="Kind">As people say it: prompt, resource, or resource template.</param>
/// <param name="Text">Its name or address, decoded.</param>
internal sealed record FeatureTarget(string Kind, string Text)
{
    /// <summary>In a record; addresses of resources are long.</summary>
    private const int MostRecorded = 1024;

    private const string Prompt = "prompt";
    private const string Resource = "resource";
    private const string Template = "resource template";

    public bool IsPrompt => Kind == Prompt;

    /// <summary>It stands for many resources.</summary>
    public bool IsTemplate => Kind == Template && Text.Contains('{', StringComparison.Ordinal);

    /// <returns>Null for a completion that names nothing.</returns>
    public static FeatureTarget? Read(McpMessage message) => message.Method switch
    {
        McpMethod.PromptsGet => Of(Prompt, message, message.Name),
        McpMethod.ResourcesRead or McpMethod.Subscribe or McpMethod.Unsubscribe => Of(Resource, message, message.Uri),
        McpMethod.Complete => OfReference(JsonValue.Root(message.At(message.Ref))),
        _ => null,
    };

    /// <summary>What a stream that is taken up again is about; null for what is no prompt and no resource.</summary>
    public static FeatureTarget? Of(McpMethod method, string text) => method switch
    {
        McpMethod.PromptsGet => new(Prompt, text),
        McpMethod.ResourcesRead => new(Resource, text),
        _ => null,
    };

    /// <summary>A completion tells what is below a template: whoever may not read all of that may not ask.</summary>
    public FeatureReach In(ServerReach reach) => Kind switch
    {
        Prompt => reach.Prompt(Text),
        Template when IsTemplate => reach.Template(Text),
        _ => reach.Resource(Text),
    };

    /// <summary>All of it, for who decides by it: what is cut could be another's.</summary>
    public string ToQuestion() => $"{Kind}/{RecordedText.Of(Text, int.MaxValue)}";

    public string ToRecord() => $"{Kind}/{RecordedText.Of(Text, MostRecorded)}";

    private static FeatureTarget? Of(string kind, McpMessage message, Slice place) =>
        JsonValue.Root(message.At(place)).TryGetString(out var text) ? new FeatureTarget(kind, text) : null;

    private static FeatureTarget? OfReference(JsonValue reference)
    {
        if (!reference.TryGetOnly("type"u8, out var type)) return null;
        if (type.TextEquals("ref/prompt"u8)) return Named(reference, "name"u8, Prompt);
        return type.TextEquals("ref/resource"u8) ? Named(reference, "uri"u8, Template) : null;
    }

    private static FeatureTarget? Named(JsonValue reference, ReadOnlySpan<byte> member, string kind) =>
        reference.TryGetOnly(member, out var found) && found.TryGetString(out var text) ? new FeatureTarget(kind, text) : null;
}

using Symbolon.Gateway.Lists;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>Lists of tools, prompts, resources and templates, one page: what the caller may have of them, by the same decision as a call.</summary>
internal sealed class ListRequests(Forwarder forwarder, CallRules rules, ListCursor cursors, DriftWatch drift, DefinitionWatch definitions)
{
    private static readonly byte[] Tools = [.. "tools"u8];
    private static readonly byte[] Prompts = [.. "prompts"u8];
    private static readonly byte[] Resources = [.. "resources"u8];
    private static readonly byte[] Templates = [.. "resourceTemplates"u8];

    public async ValueTask<Reply> AnswerAsync(Exchange exchange) =>
        cursors.Open(exchange)
        ?? await forwarder.ForwardAsync(exchange)
        ?? await rules.PrepareListAsync(exchange)
        ?? Filter(exchange);

    private Reply Filter(Exchange exchange)
    {
        if (exchange.Envelope.Kind == AnswerKind.Error) return Reply.Message.UpstreamError;
        var reach = exchange.Standing!.Reach;
        switch (exchange.Message.Method)
        {
            case McpMethod.ToolsList:
                var seen = new List<LiveTool>();
                var reply = Write(exchange, Tools, tool => IsShown(exchange, tool, seen));
                if (reply is Reply.Message && exchange.Upstream![exchange.Era].Observe(seen)) drift.Compare(exchange.Upstream, exchange.Era);
                return reply;
            case McpMethod.PromptsList:
                return Write(exchange, Prompts, prompt => TextOf(prompt, "name"u8) is { } name && reach.Prompt(name).IsAllowed && rules.MayHavePrompt(exchange, name));
            case McpMethod.ResourcesList:
                return Write(exchange, Resources, resource => TextOf(resource, "uri"u8) is { } uri && reach.Resource(uri).IsAllowed && rules.MayHaveResource(exchange, uri));
            default:
                return Write(exchange, Templates, template => TextOf(template, "uriTemplate"u8) is { } uri && reach.MayReachTemplate(uri) && rules.MayHaveTemplate(exchange, uri));
        }
    }

    private Reply Write(Exchange exchange, ReadOnlySpan<byte> name, Func<JsonValue, bool> isShown)
    {
        var message = exchange.Answer;
        var result = exchange.Envelope.Member(message, "result"u8);
        if (!result.TryGet(name, out var list) || list.Kind != JsonKind.Array) return Invalid("something else than the list that was asked for");
        if (!ResultNames.AreUnmistakable(result)) return Mistakable();
        byte[]? cursor = null;
        if (ToolListing.NextCursor(exchange.Envelope, message) is { IsPresent: true } next && (cursor = cursors.Seal(exchange, next.In(message))) is null)
            return Invalid("with a cursor that is too long");
        // What rules say depends on the time and on what a session does: such a list is good for nothing later.
        var maxAge = rules.AreThere(exchange) ? 0 : (Math.Min(exchange.Caller!.EndsAt, exchange.Standing!.Reach.ValidUntil) - exchange.Now) / 1000;
        ResultRewriter.WriteList(exchange.Message.At(exchange.Message.Id), result, name, isShown, cursor, exchange.Era, maxAge, exchange.Own);
        exchange.Final = default;
        return Reply.Message.Completed;
    }

    /// <param name="seen">Takes every tool of the page that the manifest names, for the comparison with the review.</param>
    private bool IsShown(Exchange exchange, JsonValue tool, List<LiveTool> seen)
    {
        if (ToolListing.Digest(tool) is not { } digest) return false;
        // What no manifest names is not remembered either: an upstream could make up names without end.
        var reach = exchange.Standing!.Reach[digest.Name.Value];
        if (reach.Tool is not { } reviewed) return false;
        if (!definitions.Holds(exchange.Upstream!, exchange.Era, tool, digest)) return false;
        var live = LiveTool.Of(tool, digest, reviewed, exchange.Era);
        seen.Add(live);
        return reach.IsAllowed && !reach.IsSuspended && DriftWatch.IsReviewed(reviewed, live, exchange.Era) && rules.MayCall(exchange, reviewed);
    }

    private static string? TextOf(JsonValue item, ReadOnlySpan<byte> name) =>
        item.TryGetOnly(name, out var value) && value.TryGetString(out var text) ? text : null;

    internal static Reply.Failed Mistakable() => Invalid("with members that differ only in case, or twice");

    internal static Reply.Failed Invalid(string what) => new(UpstreamFault.Invalid(what).ToRefusal());
}
